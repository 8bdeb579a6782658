import type { RequestClass } from '../ports/crm.ts'
import type { AmoClient } from './client/client.ts'

/** The client as this service uses it: with our request classes. */
export type Amo = AmoClient<RequestClass>
