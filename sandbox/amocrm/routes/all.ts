import type { Route } from '../router.ts'
import { accountRoutes } from './account.ts'
import { companyRoutes } from './companies.ts'
import { complexRoutes } from './complex.ts'
import { contactRoutes } from './contacts.ts'
import { customFieldRoutes } from './custom-fields.ts'
import { eventRoutes } from './events.ts'
import { fieldGroupRoutes } from './field-groups.ts'
import { leadRoutes } from './leads.ts'
import { linkRoutes } from './links.ts'
import { lossReasonRoutes } from './loss-reasons.ts'
import { noteRoutes } from './notes.ts'
import { pipelineWriteRoutes } from './pipeline-writes.ts'
import { pipelineRoutes } from './pipelines.ts'
import { tagRoutes } from './tags.ts'
import { userRoutes } from './users.ts'

/** Everything under /api/v4; what is not here answers 404. */
export const apiRoutes: Route[] = [
  ...accountRoutes,
  ...userRoutes,
  ...pipelineRoutes,
  ...pipelineWriteRoutes,
  ...lossReasonRoutes,
  ...customFieldRoutes,
  ...fieldGroupRoutes,
  ...complexRoutes,
  ...leadRoutes,
  ...contactRoutes,
  ...companyRoutes,
  ...noteRoutes,
  ...linkRoutes,
  ...tagRoutes,
  ...eventRoutes,
]
