export interface StepContext {
  root: string;
  out: { write(text: string): unknown };
}
export interface Step {
  name: string;
  run(context: StepContext & { announce(text: string): void }): Promise<string>;
}
export class StepError extends Error {
  constructor(message: string, output?: string);
  readonly output: string;
}
export function runStep(step: Step, context: StepContext): Promise<StepError | undefined>;
