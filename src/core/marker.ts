/** Every deal of ours carries its marker in the custom field AMOBRIDGE_KEY: by it a deal is found again when an answer was lost. */
export function orderMarker(shopKey: string, orderId: string): string {
  return `bx-${shopKey}-${orderId}`
}

/** The key under which an order stands in queue, pairs and timeline. */
export const orderEntity = (orderId: string) => `order:${orderId}`

export function orderIdOfEntity(entityKey: string): string | undefined {
  return entityKey.startsWith('order:') ? entityKey.slice('order:'.length) : undefined
}
