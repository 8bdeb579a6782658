/**
 * The tables as both databases hold them. Instants are epoch ms, flags 0 or 1, JSON is text that its reader parses with zod:
 * three choices that leave the two dialects nothing to differ in.
 */
export interface Tables {
  meta: { key: string; value: string }
  accounts: {
    id: string
    /** The API's base address; with `client_id` it names the account until amoCRM told its number. */
    base_url: string
    client_id: string
    amo_account_id: number | null
    subdomain: string | null
    token_sealed: string | null
    directory: string | null
    directory_at: number | null
    state: string
    state_reason: string | null
    state_at: number
    created_at: number
    updated_at: number
  }
  lanes: {
    account_id: string
    lease_owner: string | null
    lease_until: number
    /** Raised at each take-over: writes of an earlier holder are refused. */
    fence: number
    grants: string
    hold_until: number
    breaker: string | null
  }
  account_marks: { account_id: string; mark: string; value: number }
  connections: {
    id: string
    name: string
    position: number
    shop_key: string
    account_id: string | null
    shop_endpoint: string | null
    shop_secret_sealed: string | null
    installation: string | null
    host: string | null
    mode: string
    proof_order: string | null
    switched_on_at: number | null
    settings: string
    profile: string | null
    clock_offset_ms: number
    last_exchange_at: number | null
    created_at: number
    updated_at: number
  }
  settings_versions: { version: number; at: number; author: string; body: string }
  amocrm_queue: {
    id: string
    connection: string
    account_id: string
    type: string
    entity_key: string
    payload: string
    attempts: number
    status: string
    last_error: string | null
    /** 1: failed for a reason that may pass, so recovery and the hourly round try it again. */
    recoverable: number
    /** Since when it fails; null since the last success, news or a person's word. */
    failed_at: number | null
    class: string
    /** Position of `class` among the request classes: live work first. */
    rank: number
    due_at: number
    lease_fence: number | null
    created_at: number
    updated_at: number
  }
  shop_epochs: { connection: string; epoch: string; ordinal: number; seen_at: number }
  shop_orders: {
    connection: string
    order_id: string
    number: string
    epoch_ordinal: number
    rev: number
    snapshot: string | null
    origin: string | null
    deleted: number
    archived: number
    received_at: number
    updated_at: number
  }
  deal_pairs: {
    connection: string
    entity_key: string
    account_id: string
    deal_id: number
    contact_id: number | null
    company_id: number | null
    note_id: number | null
    sent: string
    basis: string
    doubt: string | null
    rule: number | null
    state: string
    created_at: number
    updated_at: number
  }
  notices: {
    id: string
    incident: string
    connection: string
    channel: string
    state: string
    attempts: number
    due_at: number
    last_error: string | null
    created_at: number
    updated_at: number
  }
  connection_secrets: {
    connection: string
    name: string
    sealed: string
  }
  api_tokens: {
    name: string
    hash: string
    created_at: number
  }
  identifier_surnames: {
    account_id: string
    identifier: string
    surname: string
  }
  intents: {
    id: string
    account_id: string
    connection: string
    kind: string
    key: string
    entity_key: string
    floor: number
    sent_at: number
    payload: string
    first_absent_at: number | null
    state: string
    crm_id: number | null
    closed_at: number | null
  }
  crm_contacts: {
    account_id: string
    contact_id: number
    name: string
    first_name: string
    last_name: string
    phones: string
    emails: string
    company_id: number | null
    responsible_id: number | null
    updated_at: number
    state: string
  }
  crm_contact_values: { account_id: string; kind: string; value: string; contact_id: number }
  crm_companies: { account_id: string; company_id: number; name: string; inn: string | null; kpp: string | null; updated_at: number }
  commands: {
    id: string
    connection: string
    order_id: string | null
    type: string
    data: string
    seq: number | null
    status: string
    attempts: number
    due_at: number
    result: string | null
    created_at: number
    updated_at: number
  }
  bridge_attempts: { connection: string; webhook_id: string; at: number }
  accepted_events: { connection: string; event_id: string; at: number }
  pairing_codes: { code_hash: string; connection: string; expires_at: number; used_at: number | null }
  pairing_tries: { id: string; address: string; at: number }
  incidents: {
    id: string
    connection: string | null
    code: string
    entity: string
    params: string
    count: number
    opened_at: number
    last_at: number
    closed_at: number | null
    told_at: number | null
  }
  timeline: { id: string; connection: string; entity_key: string; at: number; step: string; params: string }
}
