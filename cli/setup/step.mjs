// A set-up step: {name, run(context)} where run returns a few words about what it did.
// Each takes one line of output: its name, what it did, how long it took. A step that cannot do its work throws a
// StepError, whose message is written for the person at the keyboard.

export class StepError extends Error {
  /** `output`: what the failing program printed, shown below the message. */
  constructor(message, output = "") {
    super(message);
    this.name = "StepError";
    this.output = output;
  }
}

/** Runs one step; returns the StepError that stopped it, or undefined. Other errors are faults and pass through. */
export async function runStep(step, { root, out }) {
  const start_ms = performance.now();
  const seconds = () => `${((performance.now() - start_ms) / 1000).toFixed(2)} s`;
  out.write(`set-up  ${step.name.padEnd(9)} `);
  try {
    // A step may say beforehand what will take long: that text goes on the same line.
    const did = await step.run({ root, out, announce: (text) => out.write(`${text} ... `) });
    out.write(`${did} (${seconds()})\n`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError)) {
      out.write(`broke (${seconds()})\n`);
      throw error;
    }
    out.write(`failed (${seconds()})\n`);
    if (error.output.trim() !== "") out.write(`${error.output.trimEnd()}\n`);
    out.write(`${error.message}\n`);
    return error;
  }
}
