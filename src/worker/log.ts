/** The part of a structured logger that workers use; ids and reasons only, never phones, e-mails or tokens. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
