/** A script's key to `/api/v1`, without the key itself: that is shown once and kept nowhere. */
export interface ApiToken {
  name: string
  createdAt: Date
}
