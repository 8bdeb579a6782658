/** A command for the shop's module; `id` is unique for ever, the module answers a repeat with the stored result. */
export interface ShopCommand {
  id: string
  type: string
  data: Record<string, unknown>
}

export type CommandResult =
  | { id: string; ok: true; changed: boolean; data: Record<string, unknown> }
  | { id: string; ok: false; error: { code: string; message: string; retry: boolean; data?: Record<string, unknown> | undefined } }
