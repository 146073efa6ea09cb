// Evaluates JSONata for moto: one expression per line of stdin, one result or error per line of stdout, both JSON.
import { createInterface } from 'node:readline';
import jsonata from 'jsonata';

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { result: (await jsonata(JSON.parse(line)).evaluate(undefined)) ?? null };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
