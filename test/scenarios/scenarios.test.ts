import { openEngine } from './engine-target';
import { Stage } from './scenario';
import { SCENARIOS } from './scenarios';

let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

it.each(SCENARIOS)('$name', (scenario) => scenario.play(new Stage(engine.target)));
