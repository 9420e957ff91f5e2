import { describe, expect, test } from 'vitest';
import { ScenarioRun } from './support/behaviour/run.js';
import { behaviourFiles, readScenario } from './support/behaviour/scenario.js';

/** The scenarios of tests/vectors/behaviour, which the C# SDK plays too. */
const files = behaviourFiles();
const planted = files.filter((file) => /^planted\/[a-z_]+\.json$/.test(file));
const scenarios = files.filter((file) => /^[a-z_]+\.json$/.test(file));

describe('scenario', () => {
  test.each(scenarios)('%s', async (file) => {
    const scenario = readScenario(file);
    expect(scenario.fails).toBeUndefined();
    await new ScenarioRun(scenario).play();
  });

  test.each(planted)('%s fails', async (file) => {
    const scenario = readScenario(file);
    expect(scenario.fails).toBeTypeOf('string');
    await expect(new ScenarioRun(scenario).play()).rejects.toThrow(scenario.fails);
  });

  test('every file is played', () => {
    expect([...scenarios, ...planted].sort()).toEqual(files);
    expect(scenarios.length).toBeGreaterThan(0);
    expect(planted.length).toBeGreaterThan(0);
  });
});
