/** One slot in ten belongs to each class that has work, whatever waits above it. */
const oneIn = 10

/**
 * Which of the waiting classes gets the next slot, as an index into `passedOver`: highest class first, each with the number of slots
 * that went to others since it last got one or began to wait. The highest goes, unless that would leave a lower one without its one in ten.
 */
export function chooseClass(passedOver: readonly number[]): number {
  const byDeadline = passedOver
    .map((slots, index) => ({ index, spare: oneIn - 1 - slots }))
    .sort((a, b) => a.spare - b.spare || a.index - b.index)
  // The class at place n can be served n slots from now at the earliest: none to spare means that the queue must start moving now.
  const mustMove = byDeadline.some(({ spare }, place) => spare <= place)
  return mustMove ? (byDeadline[0]?.index ?? 0) : 0
}
