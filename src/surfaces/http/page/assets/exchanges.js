/** A conversation as the API reads it, made into questions with their answers. */

export function toExchanges({ exchanges, findings, charts }) {
  return exchanges.map(({ question, findings: handles, charts: ids = [], ...answer }) => ({
    question,
    answer: {
      ...answer,
      findings: findings.filter(({ handle }) => handles.includes(handle)),
      charts: charts.filter(({ id }) => ids.includes(id)),
    },
  }));
}
