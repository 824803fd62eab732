/**
 * The closed list of English words and phrases that the offline reader knows, each with its senses, the surest first.
 * Kinds of things add their nouns.
 * Names of a store are not here; they come from the store. A word in neither is "not understood".
 */
import type { Kind } from '../../query/kinds/kind.ts';
import { BACK_REFERENCES, TIES } from './follow-up/phrases.ts';
import type { Glue, Mark, Meaning, Noun } from './meanings.ts';

/**
 * `structural` words hold a question together: a store's key of the same spelling needs quotes, brackets or a noun
 * beside it. Every other word gives way to a store's own name.
 */
export interface Sense {
  readonly meaning: Meaning;
  readonly structural: boolean;
  /** Whether it names a field of every run, as a metric may be called: "time", "user". */
  readonly isField: boolean;
}

const filler: Meaning = { kind: 'filler' };
const mark = (name: Mark, detail?: string): Meaning =>
  detail === undefined ? { kind: 'mark', mark: name } : { kind: 'mark', mark: name, detail };
const noun = (name: Noun): Meaning => ({ kind: 'noun', noun: name });
const glue = (name: Glue): Meaning => ({ kind: 'glue', glue: name });
const attribute = (name: string): Meaning => ({ kind: 'key', name, kinds: ['attribute'], exact: true });

/** Groups of phrases, `|` between them. */
const STRUCTURAL: readonly (readonly [string, Meaning])[] = [
  ['the|a|an|my|our|your|its|their|this|these|those|there|it|them|i|we|you|me|us|some|any|such', filler],
  ['which|what|whichever', glue('which')],
  ['how|how does|how did|how do|that is|please|pls|kindly|hey|so|then|now|just|also|again|both', filler],
  ['whats|is|are|was|were|be|been|being|am|do|does|did|done|can|could|would|should|may|might', filler],
  [
    'show|list|give|tell|display|print|find|get|fetch|see|view|look up|want|need to know|i want|let me see|want to see',
    filler,
  ],
  ['to|on|at|for|from|as|about|into|onto|among|across|within|during|via|only', filler],
  [
    'of all time|of all times|all time|all-time|at any epoch|at any step|at any point|at any time|during training|throughout training',
    filler,
  ],
  ['actually|really|currently|ever|exactly|overall|approximately|roughly|so far|yet|already|still|at all', filler],
  [
    'reach|reached|reaches|achieve|achieved|obtain|obtained|got|gets|took|take|takes|lasted|lasts|lasting|need|needed|needs|require|required',
    filler,
  ],
  [
    'make|makes|made|perform|performed|performing|performs|ran|happened|occurred|give|gives|gave|yield|yielded|produce|produced|result|results|resulted|called|named|exist|exists|belong|belongs|to train|to finish|to complete|to run',
    filler,
  ],
  ['all|every|entire|whole|full|single|one of|kind of|sort of|number|data|info|information|mlflow|stored', filler],
  [
    'by|per|grouped by|group by|broken down by|split by|for each|for every|by each|per each|for each value of|for every value of|as a function of|depending on',
    glue('by'),
  ],
  [
    'with|that|that have|that has|that had|have|has|had|having|log|logs|logged|tracked|recorded|using|used|use|uses|where|whose',
    glue('with'),
  ],
  ['tagged|labeled|labelled|marked as|tagged as|tagged with', glue('with')],
  ['without|lacking|missing|that lack', glue('without')],
  [
    'is null|is missing|is not set|is unset|is not logged|was not logged|was never logged|not logged',
    { kind: 'presence', isPresent: false },
  ],
  [
    'is not null|not null|is not missing|is set|is present|is logged|was logged|is non null|is non-null',
    { kind: 'presence', isPresent: true },
  ],
  ['and|as well as|plus|along with|together with|&|+', glue('and')],
  ['or', glue('or')],
  ['not|no|except|excluding|but not|other than|apart from|non|never|neither', glue('not')],
  ['of', glue('of')],
  ['in|inside|under experiment|within experiment', glue('in')],
  ['than|then', glue('than')],
  ['between', glue('between')],
  ['(|[|{', glue('(')],
  [')|]|}', glue(')')],
  [',|;|-|–|—', glue(',')],
  [':', glue(':')],
  ['/', glue('/')],
  ['?|!|~|*|.|…', filler],
  ['metric|metrics|measure|measures', noun('metric')],
  [
    'param|params|parameter|parameters|hyperparameter|hyperparameters|hyper parameter|hyper parameters|hyperparam|hyperparams|setting|settings',
    noun('param'),
  ],
  ['tag|tags', noun('tag')],
  ['model|models', noun('config')],
  [
    'best|top|winning|winner|strongest|optimal|leading|rank|ranked|ranking|top performing|best performing|best scoring|most successful',
    { kind: 'superlative', order: 'best' },
  ],
  ['worst|bottom|poorest|weakest|worst performing', { kind: 'superlative', order: 'worst' }],
  [
    'highest|top value|top values|top score|largest|greatest|biggest|maximum|max|maximal value of|peak|the most|most',
    { kind: 'superlative', order: 'highest' },
  ],
  ['lowest|smallest|least|minimum|min|fewest', { kind: 'superlative', order: 'lowest' }],
  ['longest|slowest', { kind: 'superlative', order: 'highest', of: 'duration' }],
  ['shortest|fastest|quickest', { kind: 'superlative', order: 'lowest', of: 'duration' }],
  ['descending|desc|highest first|largest first', { kind: 'superlative', order: 'highest' }],
  ['ascending|asc|lowest first|smallest first', { kind: 'superlative', order: 'lowest' }],
  ['sorted by|sort by|ordered by|order by|sorted on', { kind: 'superlative', order: 'best' }],
  ['latest|newest|most recent|last|most recently started', { kind: 'superlative', order: 'highest', of: 'start_time' }],
  ['oldest|earliest|first', { kind: 'superlative', order: 'lowest', of: 'start_time' }],
  ['recent|recently|updated recently|recently updated|most recently updated|last updated', mark('recent')],
  ['average|mean|avg|averaged|on average|typical', { kind: 'statistic', statistic: 'mean' }],
  ['median|med', { kind: 'statistic', statistic: 'median' }],
  ['p50 of|50th percentile|50th percentile of', { kind: 'statistic', statistic: 'median' }],
  ['p90 of|90th percentile|90th percentile of', { kind: 'statistic', statistic: 'p90' }],
  ['p95 of|95th percentile|95th percentile of', { kind: 'statistic', statistic: 'p95' }],
  ['p99 of|99th percentile|99th percentile of', { kind: 'statistic', statistic: 'p99' }],
  ['standard deviation|std|stdev|std dev|sd|spread|variation', { kind: 'statistic', statistic: 'sd' }],
  [
    'summary|summarize|summarise|statistics|stats|distribution|range|quantiles|percentiles',
    { kind: 'statistic', statistic: 'all' },
  ],
  [
    'how many|how much|number of|count|count of|counts|total number of|the number of|amount of|no of|nb of|nr of|num of|# of|count the',
    mark('count'),
  ],
  [
    'percentage of|percentage|percent of|percent|what %|% of|share of|what share|the share of|fraction of|fraction|proportion of|proportion|ratio of|failure rate|fail rate|rate of failure|success rate',
    mark('share'),
  ],
  ['how long|took how long', attribute('duration')],
  ['started|start|starts|begin|began|created|launched|when did|when was|when', attribute('start_time')],
  ['ended|ends|end', attribute('end_time')],
  ['who|who ran|who started|whose run', attribute('user')],
  ['sum|sum of|total of|the sum of|summed|overall sum of', { kind: 'statistic', statistic: 'sum' }],
  ['each|each one|respectively', mark('each')],
  [
    'share it|share that|reach it|reach that|have it|with it|attain it|hit it|get it|share this|tie|ties|tied|share the top|share first place|achieve it|reached it|share',
    mark('shared'),
  ],
];

const PHRASES: readonly (readonly [string, Meaning])[] = [
  ['<', { kind: 'comparator', comparator: '<' }],
  ['<=|≤', { kind: 'comparator', comparator: '<=' }],
  ['>', { kind: 'comparator', comparator: '>' }],
  ['>=|≥', { kind: 'comparator', comparator: '>=' }],
  ['=|==|equals|equal to|is equal to|equal|set to|exactly equal to', { kind: 'comparator', comparator: '=' }],
  ['!=|<>|≠|not equal to|different from|is not', { kind: 'comparator', comparator: '!=' }],
  [
    'below|under|less than|lower than|smaller than|fewer than|beneath|is less than|is below',
    { kind: 'comparator', comparator: '<' },
  ],
  [
    'above|over|more than|greater than|higher than|larger than|bigger than|exceeding|exceeds|exceed|beyond|is above',
    { kind: 'comparator', comparator: '>' },
  ],
  ['at least|no less than|not less than|minimum of|or more|and up', { kind: 'comparator', comparator: '>=' }],
  ['at most|no more than|not more than|maximum of|up to|or less', { kind: 'comparator', comparator: '<=' }],
  [
    'longer than|slower than|took more than|took longer than|lasted more than|lasted longer than|ran longer than|ran for more than|that took over',
    { kind: 'comparator', comparator: '>', of: 'duration' },
  ],
  [
    'shorter than|faster than|quicker than|took less than|lasted less than|ran for less than',
    { kind: 'comparator', comparator: '<', of: 'duration' },
  ],
  [
    'failed|fail|fails|failing|failure|failures|crash|crashes|crashed|errored|unsuccessful',
    { kind: 'status', status: 'FAILED' },
  ],
  [
    'finished|finish|completed|complete|succeed|succeeds|succeeded|successful|successfully|done running|passed',
    { kind: 'status', status: 'FINISHED' },
  ],
  ['running|in progress|ongoing|still running', { kind: 'status', status: 'RUNNING' }],
  ['killed|aborted|cancelled|canceled|interrupted', { kind: 'status', status: 'KILLED' }],
  ['scheduled|queued|pending', { kind: 'status', status: 'SCHEDULED' }],
  ['deleted|trashed|in the trash|removed', { kind: 'lifecycle', lifecycle: 'deleted' }],
  ['active|undeleted|non deleted|non-deleted|not deleted|live', { kind: 'lifecycle', lifecycle: 'active' }],
  [
    'in all experiments|of all experiments|from all experiments|whole store|entire store|the store|over all experiments|across all experiments|across experiments|in any experiment|everywhere|in total|all together|altogether|in all',
    { kind: 'everywhere' },
  ],
  [
    'diverge|diverged|diverges|diverging|divergence|blew up|blow up|exploded|explode|nan|nans|went nan|became nan|turned nan|unstable',
    { kind: 'diagnosis', diagnosis: 'diverged' },
  ],
  [
    'overfit|overfitted|overfits|overfitting|over-fit|over-fitting|overtrained',
    { kind: 'diagnosis', diagnosis: 'overfitting' },
  ],
  [
    'plateau|plateaued|plateaus|plateauing|stagnate|stagnated|stalled|flat|converged|stopped improving|no longer improving',
    { kind: 'diagnosis', diagnosis: 'plateau' },
  ],
  [
    'still improving|still learning|stopped too early|stopped early|not converged|undertrained|could train longer|keep improving',
    { kind: 'diagnosis', diagnosis: 'still_improving' },
  ],
  ['higher is better|direction higher|larger is better|direction: higher', { kind: 'direction', order: 'highest' }],
  ['lower is better|direction lower|smaller is better|direction: lower', { kind: 'direction', order: 'lowest' }],
  ['score|scores|performance', noun('value')],
  ['value|values|figure|figures|reading', noun('value')],
  ['status|state|statuses', noun('status')],
  ['config|configs|configuration|configurations|setup|setups', noun('config')],
  ['config fields|config keys|config values|configuration fields', noun('param')],
  ['one|ones|entry|entries|item|items|thing|things', noun('item')],
  ['dataset|datasets|data set|data sets|training data', noun('dataset')],
  [
    'duration|durations|attributes.duration|time|runtime|run time|running time|wall time|wall clock time|elapsed time|training time',
    attribute('duration'),
  ],
  ['start time|attributes.start_time', attribute('start_time')],
  ['attributes.day|day|daily|date|calendar day', attribute('day')],
  ['attributes.week|week|weekly|calendar week', attribute('week')],
  ['attributes.month|month|monthly|calendar month', attribute('month')],
  ['step', mark('step')],
  ['child runs|child run|children|child|nested runs|nested run|nested|sub runs|subruns|sub-runs', { kind: 'children' }],
  ['as a table|in a table|table|in table form', filler],
  ['w', glue('with')],
  ['w/o', glue('without')],
  ['end time|attributes.end_time', attribute('end_time')],
  ['user|users|owner|owners|author|authors|attributes.user', attribute('user')],
  ['parent run|parent|attributes.parent', attribute('parent')],
  ['source|script|entry point|source file|attributes.source', attribute('source')],
  ['run id|id|ids|run ids|attributes.id', attribute('id')],
  ['name|names|run name|run names|attributes.name', attribute('name')],
  [
    'commit|git commit|git sha|commit hash',
    { kind: 'key', name: 'mlflow.source.git.commit', kinds: ['tag'], exact: true },
  ],
  [
    'details|detail|full details|describe|description|overview|everything about|tell me about|info on|info about|information about|all about|inspect',
    mark('details'),
  ],
  ['available|there to rank by|can i use|most used|most common|most frequent|most popular', mark('available')],
  ['least used|used least|used the least|least common|least frequent|least popular|rarest|rarely used', mark('rare')],
  [
    'plot|draw|graph|chart|curve|curves|history|histories|over steps|over time|per step|by step|over epochs|by epoch|per epoch|trajectory|learning curve|learning curves|training curve|training curves|evolution|progress of|visualize|visualise|trend of',
    mark('plot'),
  ],
  [
    'over wall time|over wall clock time|over elapsed time|over real time|against wall time|against time|against elapsed time|by wall time|in wall time',
    mark('wall-time'),
  ],
  [
    'compare|comparison|comparing|compared|contrast|vs|versus|against|side by side|compared to|compared with|compare to',
    mark('compare'),
  ],
  [
    'differ|differs|differing|difference|differences|different|diff|changed|change|changes|what changed|distinguishes|distinguish|unlike',
    mark('differ'),
  ],
  [
    'better|superior|won|wins|win|ahead|outperforms|outperform|beat|beats|better than|do better|did better|performed better',
    { kind: 'comparative', order: 'best' },
  ],
  ['worse|inferior|lost|loses|behind|worse than|did worse|performed worse', { kind: 'comparative', order: 'worst' }],
  ['faster|quicker|shorter', { kind: 'comparative', order: 'lowest', of: 'duration' }],
  ['slower|longer', { kind: 'comparative', order: 'highest', of: 'duration' }],
  ['higher|larger|greater|bigger', { kind: 'comparative', order: 'highest' }],
  ['lower|smaller', { kind: 'comparative', order: 'lowest' }],
  [
    'matter|matters|mattered|important|importance|importances|parameter importance|hyperparameter importance|influence|influences|influenced|influential|influencing|impact|impacts|impacted|affect|affects|affected|effect|effects|drive|drives|driving|driver|drivers|sensitive|sensitivity|depend|depends|dependence|explain|explains|make a difference|makes a difference|made a difference|make the difference|makes the difference|contribute|contributes|determine|determines',
    mark('impact'),
  ],
  [
    'correlate|correlates|correlated|correlation|correlations|related|relate|relates|relation|relationship|association|associated|linked|go together|move together|moves together',
    mark('correlate'),
  ],
  ['how high|how low|what about', filler],
  ['how good|how well|how bad', mark('quality')],
  ['second|2nd|runner up|runner-up', { kind: 'ordinal', place: 2 }],
  ['third|3rd', { kind: 'ordinal', place: 3 }],
  ['fourth|4th', { kind: 'ordinal', place: 4 }],
  ['fifth|5th', { kind: 'ordinal', place: 5 }],
  ['two|pair', { kind: 'number', value: 2, text: '2' }],
];

/** What the offline reader recognises in order to decline it. */
const DECLINED: readonly (readonly [string, Meaning])[] = [
  [
    'why|reason|reasons|cause|causes|caused|because|due to|went wrong|what went wrong|how come|explanation|root cause',
    mark('cause'),
  ],
  [
    'delete|remove|erase|purge|drop|restore|undelete|recover|register|promote|deploy|rename|create|add|archive|restart|rerun|re-run|retrain|resume|terminate|stop|kill|cancel|upload|push|publish|update|edit|modify|overwrite|transition|assign|schedule|save|set up|log a|log the|log this|log new|set the tag|set a tag|set tag|set alias|set the alias|tag run|tag the|tag this|train a|train the|start a|launch|send|email|post|merge|clean up|export',
    mark('action'),
  ],
  [
    "should i|should we|suggest|suggestion|recommend|recommendation|advise|advice|try next|what to try|next hyperparameters|focus on|interpret|meets production criteria|what is missing|what's missing",
    mark('advice'),
  ],
  [
    'how do i|how can i|how to|how do you|how should i|how should we|what is the difference between experiments and runs|how does mlflow|explain how|what does mlflow|what is mlflow|tutorial|get started|best practice|best practices|what format|which format|write code|code snippet|is there a way|is there any way',
    mark('howto'),
  ],
  ['hi|hello|good morning|good evening|thanks|thank you|thx|bye|goodbye|cheers', mark('greeting')],
  ['what can you do|what can i ask|what do you do|who are you|what are you|how do you work|capabilities', mark('help')],
  [
    'will|going to|predict|prediction for|forecast|expected to|tomorrow|next week|next month',
    mark('outside', 'the future (only what was logged)'),
  ],
  [
    'high|low|good|bad|poor|decent|great|high performing|high-performing|well performing|well-performing|high enough|low enough',
    mark('vague'),
  ],
  ['improve my|optimize my|optimise my|fix my|fix the|debug', mark('improve')],
  [
    'trace|traces|span|spans|session|sessions|conversation|conversations|token usage|tool call|tool calls|llm judge|judges',
    mark('outside', 'traces'),
  ],
  [
    'registered model|registered models|model registry|registry|model version|model versions|champion|challenger|alias|aliases|in production|in staging',
    mark('outside', 'the model registry'),
  ],
  [
    'artifact|artifacts|confusion matrix|model file|files|file|image|images|checkpoint|checkpoints|notebook',
    mark('outside', 'artifacts'),
  ],
  [
    'feature importance|feature importances|importance of features|shap|shap values',
    mark('outside', 'feature importance'),
  ],
  ['features|feature', mark('unlogged', 'features')],
  [
    'pass rate|pass rates',
    mark('unlogged', 'pass rates (a run has a status: ask “what percentage of runs finished?”)'),
  ],
  [
    'errors|exception|exceptions|stack trace|stack traces',
    mark('unlogged', 'errors (a run has a status: ask “which runs failed?”)'),
  ],
  ['issue|issues|problem|problems', mark('unlogged', 'issues (ask “which runs failed?” or “which runs diverged?”)')],
  [
    'starting with|beginning with|starts with|start with|begins with|ends with|ending with',
    mark('unlogged', 'how names begin or end (ask “experiments for …” with a whole word of the name)'),
  ],
  ['inputs|outputs|input|output|signature|schema', mark('unlogged', 'inputs, outputs and schemas of models')],
  ['deployment|deployments|deployed', mark('unlogged', 'deployments')],
  ['regress|regressed|regression between', mark('unlogged', 'regressions (ask “compare A and B”)')],
  [
    'prompt|prompts|evaluation|evaluations|eval|evals|evaluation dataset|evaluation datasets|scorer|scorers|feedback|assessments|annotation|annotations',
    mark('outside', 'prompts, evaluations and assessments'),
  ],
  [
    'weather|joke|jokes|poem|translate|stock price|news|recipe|capital of|president|w&b|wandb|weights & biases|neptune|comet|tensorboard|slack|github|jira|docker|kubernetes',
    mark('outside', 'things outside MLflow'),
  ],
];

/** Metrics that people ask for by name; a store that never logged one can then say so. Tokens in loose form. */
const COMMON_METRICS =
  'accuracy|acc|f1|f1 score|precision|recall|auc|roc auc|auc roc|auroc|pr auc|average precision|map|loss|train loss|training loss|val loss|validation loss|test loss|log loss|logloss|cross entropy|rmse|mse|mae|mape|smape|rmsle|r2|r squared|perplexity|ppl|bleu|rouge|meteor|wer|cer|iou|dice|ndcg|mrr|fid|kl|ece|brier|latency|throughput|error rate|reward|val accuracy|validation accuracy|test accuracy|train accuracy|eval loss|eval accuracy|eval acc|evaluation loss|evaluation accuracy|top1|top5|top1 accuracy|top5 accuracy|top1 acc|top5 acc|top-1 accuracy|top-5 accuracy|top 1 accuracy|balanced accuracy|mcc|specificity|sensitivity score|cost|tokens';

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';

export type Lexicon = ReadonlyMap<string, readonly Sense[]>;
/** Longest phrase, in tokens. */
export const LONGEST_PHRASE = 8;

type Phrases = readonly (readonly [string, Meaning])[];

/** Words of the language, and of the kinds of things that can be asked about. */
export function createLexicon(kinds: readonly Kind[]): Lexicon {
  const entries = new Map<string, Sense[]>();
  const add = (group: Phrases, isStructural: boolean) => {
    for (const [phrases, meaning] of group) {
      for (const phrase of phrases.split('|')) {
        // A phrase says more than its words apart.
        const sense: Sense = {
          meaning,
          structural: isStructural || phrase.includes(' '),
          isField: meaning.kind === 'key' && !isStructural,
        };
        const senses = entries.get(phrase);
        if (senses) senses.push(sense);
        else entries.set(phrase, [sense]);
      }
    }
  };
  add(kinds.map(nounsOf), true);
  add(
    NUMBER_WORDS.split(' ').map((word, value) => [word, { kind: 'number', value, text: String(value) }]),
    false,
  );
  add(BACK_REFERENCES, true);
  add(TIES, true);
  add(STRUCTURAL, true);
  add(DECLINED, false);
  add(PHRASES, false);
  add(
    COMMON_METRICS.split('|').map((name) => [name, { kind: 'key', name, kinds: ['metric'], exact: false }]),
    false,
  );
  return entries;
}

/** Its name and its other words, in the singular and in the plural. */
function nounsOf({ name, words }: Kind): readonly [string, Meaning] {
  return [[name, ...words].flatMap((word) => [word, `${word}s`]).join('|'), noun(name)];
}

/** The sense that a word has where nothing speaks for another. */
export function firstSense(lexicon: Lexicon, word: string): Sense | undefined {
  return lexicon.get(word)?.[0];
}
