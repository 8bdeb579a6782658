import { z } from 'zod'

/** What can go wrong with a shop, each off unless set. */
export const FaultChange = z.object({
  /** The site is down: its connections are cut, and it sends nothing. */
  down: z.boolean().optional(),
  /** The shop cannot reach the service; the service may still call. */
  noOutgoing: z.boolean().optional(),
  /** The service's answers get lost on their way to the shop. */
  loseServiceAnswers: z.boolean().optional(),
  /** exchange.php does everything and is cut off before it answers. */
  loseAnswerAfterApplying: z.boolean().optional(),
  /** exchange.php answers this much later. */
  slowMs: z.int().nonnegative().optional(),
  /** exchange.php answers 500 with PHP's own text. */
  error500: z.boolean().optional(),
  /** exchange.php answers 200 with the HTML page of a DDoS guard. */
  htmlAnswers: z.boolean().optional(),
  /** exchange.php answers without a signature. */
  unsignedAnswers: z.boolean().optional(),
  /** exchange.php answers for another request's id. */
  foreignAnswers: z.boolean().optional(),
  /** exchange.php refuses every signature, as after a changed secret. */
  refuseSignature: z.boolean().optional(),
  /** The shop's wall clock is wrong by this much. */
  clockOffsetMs: z.int().optional(),
  /** The shop was cloned: its fingerprint no longer matches. */
  copy: z.boolean().optional(),
  /** Nothing is sent right after a change; the agent's minute still works. */
  noJob: z.boolean().optional(),
  /** Orders a manager holds open, in a shop that respects locks. */
  lockedOrders: z.array(z.string()).optional(),
  /** Orders another process is saving. */
  busyOrders: z.array(z.string()).optional(),
  /** Orders that cannot be loaded. */
  unreadableOrders: z.array(z.string()).optional(),
  /** Another module of the shop forbids every change, in these words. */
  veto: z.string().optional(),
  /** Commands end with an unforeseen error. */
  failCommands: z.boolean().optional(),
})
export type FaultChange = z.infer<typeof FaultChange>

export interface Faults {
  readonly now: Readonly<FaultChange>
  set(change: FaultChange): void
  clear(): void
}

export function createFaults(): Faults {
  let now: FaultChange = {}
  return {
    get now() {
      return now
    },
    set: (change) => {
      now = { ...now, ...change }
    },
    clear: () => {
      now = {}
    },
  }
}
