/** So many requests at a time: what people look at is no reason to be throttled. */
const AT_A_TIME = 5;

/** Answers of `ask` in the order of what it is asked. */
export async function inTurns<Asked, Answer>(
  all: readonly Asked[],
  ask: (one: Asked) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers = new Array<Answer>(all.length);
  const waiting = [...all.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      answers[next[0]] = await ask(next[1]);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return answers;
}
