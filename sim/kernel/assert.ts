/** The simulator contradicted itself: a defect of the simulator, never of what it simulates. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
}

/** Throws a SimulatorError where something that must hold does not. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SimulatorError(message);
}
