/** Right, wrong and abstained by category; a wrong answer costs four times what a right one earns. */
import type { Answer } from '../../src/agent/events.ts';

const PENALTY = 4;

type Outcome = 'right' | 'wrong' | 'abstained';

export class Scoreboard {
  readonly #counts = new Map<string, Record<Outcome, number>>();

  /** Runs a check and counts it; declining or asking back is an abstention, anything else that fails is wrong. */
  score(category: string, answer: Answer, check: () => void): void {
    const counts = this.#counts.get(category) ?? { right: 0, wrong: 0, abstained: 0 };
    this.#counts.set(category, counts);
    try {
      check();
      counts.right += 1;
    } catch (error) {
      counts[answer.status === 'cannot' || answer.status === 'clarify' ? 'abstained' : 'wrong'] += 1;
      throw error;
    }
  }

  toString(): string {
    const rows = [...this.#counts];
    const line = (name: string, ...cells: readonly (string | number)[]) =>
      `${name.padEnd(20)}${cells.map((cell) => String(cell).padStart(11)).join('')}`;
    const sum = (outcome: Outcome) => rows.reduce((total, [, counts]) => total + counts[outcome], 0);
    const asked = sum('right') + sum('wrong') + sum('abstained');
    const score = (sum('right') - PENALTY * sum('wrong')) / Math.max(asked, 1);
    return [
      line('demo', 'right', 'wrong', 'abstained'),
      ...rows.map(([name, counts]) => line(name, counts.right, counts.wrong, counts.abstained)),
      line('all', sum('right'), sum('wrong'), sum('abstained')),
      `score, a wrong answer costing ${PENALTY}: ${score.toFixed(3)}`,
    ].join('\n');
  }
}
