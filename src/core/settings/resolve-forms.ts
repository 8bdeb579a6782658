import type { PipelineId } from '../ids.ts'
import { formRuleDefaults } from './defaults.ts'
import { findPipeline, findStage } from './names.ts'
import type { Path } from './problems.ts'
import { resolveFields } from './resolve-field.ts'
import { type Resolving, resolveResponsible } from './resolve-orders.ts'
import type { FormRule, FormSettings } from './resolved.ts'
import type { WrittenConnection, WrittenFormRule } from './written.ts'

/** `pipelineId`: where forms go whose rule names no pipeline. */
export function resolveForms({ forms = {} }: WrittenConnection, since: Date, pipelineId: PipelineId, resolving: Resolving): FormSettings {
  return {
    since: forms.since === undefined ? since : new Date(forms.since),
    rules: (forms.rules ?? []).map((rule, index) => resolveRule(rule, pipelineId, ['forms', 'rules', index], resolving)),
  }
}

function resolveRule(written: WrittenFormRule, fallback: PipelineId, path: Path, resolving: Resolving): FormRule {
  const { directory, report, placeOf } = resolving
  const { form, source = formRuleDefaults.source, target, name = formRuleDefaults.name, tags = formRuleDefaults.tags } = written
  const named = written.pipeline === undefined ? undefined : findPipeline(written.pipeline, directory, [...path, 'pipeline'], report)
  const pipelineId = named?.id ?? fallback
  const pipeline = directory.pipelines.find(({ id }) => id === pipelineId)
  if (target === 'unsorted' && pipeline?.unsortedOn === false) report([...path, 'target'], 'unsorted-off', { name: pipeline.name })
  const stage = written.stage === undefined ? undefined : findStage(written.stage, pipelineId, directory, [...path, 'stage'], report)
  return {
    place: placeOf(path),
    form,
    source,
    target,
    pipelineId: stage?.pipelineId ?? pipelineId,
    stage: stage ?? null,
    name,
    responsible: resolveResponsible(formRuleDefaults.responsible, written.responsible, [...path, 'responsible'], resolving),
    tags,
    fields: resolveFields(written.fields ?? [], directory, [...path, 'fields'], placeOf, report),
  }
}

/** The first rule that fits the form, by its code or id; undefined: nothing is made of it. */
export function formRuleFor(form: { source: string; id: string; code: string | null }, { rules }: FormSettings): FormRule | undefined {
  return rules.find(
    ({ source, form: wanted }) =>
      (source === '*' || source === form.source) && (wanted === '*' || wanted === form.id || (form.code !== null && wanted === form.code)),
  )
}
