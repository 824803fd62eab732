/** What `/runsight help`, an empty mention and an empty message are answered with. */
export const HELP_LINES = `I answer questions about your MLflow experiments and runs, with the numbers and what they stand on.

- Mention me in a channel, or write to me directly: each thread is one conversation, in which replies need no further mention.
- \`/runsight QUESTION\` answers in our direct messages, where only you read it.
- \`/runsight link\` makes a code that joins our direct conversations with yours in a terminal or over HTTP; \`/runsight link CODE\` takes one.
- Buttons below an answer ask what is on them; "Show how" tells what it stands on, with the same in Python.

Try: Which run had the highest F1 score?`;
