import { describe, expect, test } from 'vitest'
import { lostStatus, type Stage, wonStatus } from './directory.ts'
import { pipelineId, statusId } from './ids.ts'
import { firstStage, fitStage, nextStage, type StageBasis } from './plan-stage.ts'

const at = (status: number, pipeline = 1): Stage => ({ pipelineId: pipelineId(pipeline), statusId: statusId(status) })
const stages = { N: at(10), P: at(20), F: { ...at(0), statusId: wonStatus }, cancelled: { ...at(0), statusId: lostStatus }, paid: at(30) }
const order = (change: Partial<StageBasis> = {}): StageBasis => ({ status: 'N', cancelled: false, paid: false, ...change })

describe(firstStage, () => {
  test.each([
    { note: 'by status', order: order(), stage: stages.N },
    { note: 'cancelled beats status', order: order({ cancelled: true, paid: true }), stage: stages.cancelled },
    { note: 'status beats paid', order: order({ status: 'P', paid: true }), stage: stages.P },
    { note: 'paid where the status has no stage', order: order({ status: 'X', paid: true }), stage: stages.paid },
    { note: 'the first ordinary stage where nothing fits', order: order({ status: 'X' }), stage: at(99) },
    { note: 'a shop status named like a condition is no status', order: order({ status: 'paid' }), stage: at(99) },
  ])('$note', ({ order, stage }) => expect(firstStage(order, stages, at(99))).toEqual(stage))
})

describe(nextStage, () => {
  test.each([
    { note: 'nothing changed', before: order(), now: order(), stage: undefined },
    { note: 'status changed', before: order(), now: order({ status: 'P' }), stage: stages.P },
    { note: 'a status without a stage leaves the deal', before: order(), now: order({ status: 'X' }), stage: undefined },
    { note: 'cancelled', before: order(), now: order({ cancelled: true, status: 'P' }), stage: stages.cancelled },
    { note: 'still cancelled', before: order({ cancelled: true }), now: order({ cancelled: true, status: 'P' }), stage: undefined },
    { note: 'un-cancelled opens again', before: order({ cancelled: true }), now: order(), stage: stages.N },
    { note: 'turned paid', before: order(), now: order({ paid: true }), stage: stages.paid },
    { note: 'status beats paid', before: order(), now: order({ paid: true, status: 'P' }), stage: stages.P },
    { note: 'paid beside a status without a stage', before: order(), now: order({ paid: true, status: 'X' }), stage: stages.paid },
    { note: 'paid turned false changes nothing', before: order({ paid: true }), now: order(), stage: undefined },
  ])('$note', ({ before, now, stage }) => expect(nextStage(now, before, stages)).toEqual(stage))
})

describe(fitStage, () => {
  test.each([
    { note: 'same pipeline', wanted: at(20), current: at(10), fit: { kind: 'write', stage: at(20) } },
    { note: 'already there', wanted: at(20), current: at(20), fit: { kind: 'there' } },
    { note: 'a person moved it elsewhere', wanted: at(20), current: at(5, 2), fit: { kind: 'other-pipeline' } },
    {
      note: 'won is written in its own pipeline',
      wanted: stages.F,
      current: at(5, 2),
      fit: { kind: 'write', stage: { ...at(5, 2), statusId: wonStatus } },
    },
  ])('$note', ({ wanted, current, fit }) => expect(fitStage(wanted, current)).toEqual(fit))
})
