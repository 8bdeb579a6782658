import type { EmulatorWorld } from '../emulator.ts'
import { problem } from '../reply.ts'
import type { Incoming, Outcome } from '../service.ts'

export function createBoard(_world: EmulatorWorld): (incoming: Incoming) => Promise<Outcome> {
  return async () => problem(404, 'Not found')
}
