import type { SeenCommand } from './commands/run.ts'
import type { ExchangeResult } from './exchange.ts'
import type { Faults } from './faults.ts'
import type { CustomerChange, FormInput, OrderChange, OrderInput } from './inputs.ts'
import type { Customer, FormResult, Mail, Order, Product } from './model.ts'
import type { CommandFamily, Connection, ShopModule } from './module.ts'
import type { RejectedRow, Row } from './outbox.ts'

export interface ShopOptions {
  port?: number
  host?: string
  /** Repeats the installation's id and the generated buyers; ids of messages stay unpredictable. */
  seed?: number
  /** A clock that tests can move; the machine's by default. */
  nowMs?: () => number
  /** With `connection` and `secret`: the shop starts connected, as if somebody had pasted them. */
  serviceUrl?: string
  connection?: string
  secret?: string
  installation?: string
  /** The site's own name as it travels with each exchange; the address it listens at by default. */
  siteHost?: string
  products?: readonly Product[]
  firstOrderId?: number
  /** Command families the administrator has ticked; statuses alone by default, as in a fresh module. */
  ticks?: readonly CommandFamily[]
  agentEveryMs?: number
  /** false: exchanges happen only when `sendNow` is called or the service calls. */
  autoSend?: boolean
  log?: (line: string) => void
}

/** What tests, the demo and the control routes do with a running shop. Changes throw ShopRefusal where the shop says no. */
export interface Shop {
  readonly url: string
  readonly endpoint: string
  readonly seed: number
  readonly module: ShopModule
  readonly faults: Faults
  readonly connection: Connection | null
  /** true: an exchange starts right after a change (a burst makes one), and each minute. */
  autoSend: boolean

  /** Spends a code `<public url>#XXXXXXXXXXXX` of the service. */
  pair(code: string): Promise<void>
  /** The other way round: what the shop's page shows was pasted into the service. */
  connect(to: { serviceUrl: string; connection: string; secret: string }): void

  placeOrder(input?: OrderInput): Order
  /** Orders of generated buyers; with `spanMs` they are history, spread over that much past and without events. */
  placeMany(count: number, spanMs?: number): Order[]
  editOrder(id: string, change: OrderChange): Order
  pay(id: string): Order
  unpay(id: string): Order
  ship(id: string, trackingNumber?: string): Order
  cancel(id: string, reason?: string): Order
  uncancel(id: string): Order
  setStatus(id: string, status: string): Order
  deleteOrder(id: string): void
  /** The order's row goes to the archive without any event of the kernel; the module notices. */
  archiveOrder(id: string): void
  submitForm(input: FormInput): FormResult
  editCustomer(userId: string, change: CustomerChange): Customer
  /** The administrator changed statuses, properties or forms. */
  changeProfile(): void
  /** The database came back from a backup: the revision counter ran backwards, a new epoch begins. */
  restoreBackup(): void
  /** Shifts the shop's clock for good; `faults.clockOffsetMs` is the fault that can be cleared. */
  moveClock(byMs: number): void

  orders(): readonly Order[]
  order(id: string): Order | undefined
  customers(): readonly Customer[]
  products(): readonly Product[]
  mails(): readonly Mail[]

  /** One exchange with the service, even with nothing to tell. Obeys a wait the service asked for. */
  sendNow(): Promise<ExchangeResult>
  lastExchange(): ExchangeResult | null
  clockCorrectionMs(): number
  pendingEvents(): readonly Row[]
  rejectedEvents(): readonly RejectedRow[]
  commandsSeen(): readonly SeenCommand[]

  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
