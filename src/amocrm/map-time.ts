/** amoCRM counts whole seconds since epoch, everywhere. */
export const fromSec = (seconds: number) => new Date(seconds * 1000)
export const toSec = (at: Date) => Math.floor(at.getTime() / 1000)
