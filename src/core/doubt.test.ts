import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterDealAnswered, afterNoteAnswered, type Doubt, doubtWhileWriting, noDoubt } from './doubt.ts'
import { pipelineId, statusId } from './ids.ts'
import { afterSending, planDealChange } from './plan-deal.ts'
import { basisOf, nextStage, stageAfterDoubt } from './plan-stage.ts'

const at = (status: number) => ({ pipelineId: pipelineId(1), statusId: statusId(status) })
const stages = { N: at(10), P: at(20), F: at(30) }

const state = fc.record({
  price: fc.integer({ min: 0, max: 2 }),
  name: fc.constantFrom('a', 'b'),
  city: fc.constantFrom('Казань', 'Тверь'),
  status: fc.constantFrom('N', 'P', 'F'),
})
const push = fc.record({ state, fate: fc.constantFrom('answered', 'lost before', 'lost after') })

describe('writes whose answers are lost', () => {
  test('always leave the deal equal to the order once one is answered, also where the order went back meanwhile', () => {
    fc.assert(
      fc.property(state, fc.array(push, { maxLength: 8 }), (first, pushes) => {
        const view = ({ price, name, city }: typeof first) => ({
          price,
          name: name as string,
          tags: [] as string[],
          fields: { 7: [{ value: city }] },
          note: null,
        })
        const order = ({ status }: typeof first) => basisOf({ status, cancelled: false, paid: false } as Parameters<typeof basisOf>[0])
        let sent = afterSending(view(first), undefined, null)
        let basis = order(first)
        let doubt: Doubt | null = null
        let deal: ReturnType<typeof view> & { stage: (typeof stages)['N'] } = { ...view(first), stage: stages[first.status as 'N'] }
        const last = pushes.at(-1)?.state ?? first
        for (const { state, fate } of [...pushes, { state: last, fate: 'answered' }]) {
          const change = planDealChange(view(state), sent, doubt)
          const stage = nextStage(order(state), basis, stages) ?? stageAfterDoubt(order(state), doubt?.stages ?? [], deal.stage, stages)
          doubt = doubtWhileWriting(doubt, change, stage)
          if (fate !== 'lost before')
            deal = { ...deal, ...change, fields: { ...deal.fields, ...change?.fields }, ...(stage === undefined ? {} : { stage }) }
          if (fate !== 'answered') continue
          sent = afterSending(view(state), sent, null)
          basis = order(state)
          doubt = afterDealAnswered(doubt)
        }
        expect(deal).toMatchObject({ ...view(last), stage: stages[last.status as 'N'] })
      }),
    )
  })

  test('leave a deal where a person put it', () => {
    expect(stageAfterDoubt({ status: 'N', cancelled: false, paid: false }, [at(20)], at(40), stages)).toBeUndefined()
  })
})

describe('an answer ends the doubt of its own write', () => {
  const both: Doubt = { ...noDoubt, price: true, note: true }
  test.each([
    { what: 'the deal', after: afterDealAnswered(both), doubt: { ...noDoubt, note: true } },
    { what: 'the note', after: afterNoteAnswered(both), doubt: { ...noDoubt, price: true } },
    { what: 'the deal alone', after: afterDealAnswered({ ...noDoubt, fields: ['7'] }), doubt: null },
    { what: 'the note alone', after: afterNoteAnswered({ ...noDoubt, note: true }), doubt: null },
    { what: 'nothing', after: afterDealAnswered(null), doubt: null },
  ])('$what', ({ after, doubt }) => expect(after).toEqual(doubt))
})
