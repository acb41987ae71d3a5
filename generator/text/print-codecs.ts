import { type BundledPlan, type CodecPlan, listInnerPlans } from '../model/codecs/codec-plan.js'
import { type DeclarationModel, listValues } from '../model/model.js'
import { importSchemaValue, importType, importValue } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the codecs of a declaration, with an empty line before them; nothing where it has none. */
export function printCodecs(declaration: DeclarationModel): SourceText {
  const bundles = listValues(declaration).map(([, { codec }]) => codec)
  const named = new Map(bundles.flatMap((bundle) => [...(bundle?.named ?? [])]))
  if (bundles.every((bundle) => bundle === undefined)) return source``

  const printed = new Set<string>()
  const plans: SourceText[] = []
  /** Prints the plans that one refers to, then itself; what leads back to one that is not printed yet waits until it is used. */
  const define = (name: string, plan: CodecPlan, around: ReadonlySet<string>): void => {
    if (printed.has(name) || around.has(name)) return
    const inside = new Set([...around, name])
    for (const inner of listReferences(plan)) define(inner, named.get(inner) ?? fail(inner), inside)
    if (printed.has(name)) return
    plans.push(
      source`const ${namePlan(name)}${SourceText.typesOnly(source`: ${PLAN}`)} = ${printPlan(plan, printed)}\n`,
    )
    printed.add(name)
  }
  for (const [name, plan] of named) define(name, plan, new Set())

  const type = SourceText.symbol(importType(CODECS_TYPES[declaration.is]))
  return source`
${plans}${plans.length === 0 ? source`` : source`\n`}/** Where what travels differs from what the application has, and how. */
export const codecs${SourceText.typesOnly(source`: ${type}`)} = {
  ${printTable(declaration, printed)},
}

`
}

const CODECS_TYPES = { connection: 'ConnectionCodecs', event: 'EventCodecs', flag: 'FlagCodecs' } as const

function printTable(declaration: DeclarationModel, printed: ReadonlySet<string>): SourceText {
  const part = (bundle: BundledPlan | undefined): SourceText => printInner(bundle?.plan ?? null, printed)
  if (declaration.is === 'event') return source`payload: ${part(declaration.payload?.codec)}`
  if (declaration.is === 'flag') return source`data: ${part(declaration.data?.codec)}`
  const { input, output, errors } = declaration
  const errorPlans = errors.flatMap(({ name, data: { codec } }) =>
    codec === undefined ? [] : [source`${SourceText.key(name)}: ${part(codec)}`],
  )
  const errorTable = errorPlans.length === 0 ? source`{}` : source`{ ${joinSource(errorPlans, source`, `)} }`
  return source`input: ${part(input?.codec)},
output: ${part(output?.codec)},
errors: ${errorTable}`
}

const PLAN = SourceText.symbol(importType('CodecPlan'))

function printInner(plan: CodecPlan | null, printed: ReadonlySet<string>): SourceText {
  return plan === null ? source`null` : printPlan(plan, printed)
}

function printPlan(plan: CodecPlan, printed: ReadonlySet<string>): SourceText {
  const print = (inner: CodecPlan | null): SourceText => printInner(inner, printed)
  const list = (texts: readonly SourceText[]): SourceText => source`[${joinSource(texts, source`, `)}]`
  switch (plan.kind) {
    case 'map':
      return source`{ kind: ${plan.kind}, key: ${print(plan.key)}, value: ${print(plan.value)} }`
    case 'set':
    case 'array':
      return source`{ kind: ${plan.kind}, item: ${print(plan.item)} }`
    case 'tuple':
      return source`{ kind: ${plan.kind}, items: ${list(plan.items.map(print))}, rest: ${print(plan.rest)} }`
    case 'object':
      return source`{ kind: ${plan.kind}, properties: ${list(plan.properties.map(([name, inner]) => source`[${name}, ${print(inner)}]`))} }`
    case 'record':
      return source`{ kind: ${plan.kind}, value: ${print(plan.value)} }`
    case 'intersection':
      return source`{ kind: ${plan.kind}, parts: ${list(plan.parts.map(print))} }`
    case 'union': {
      const arms = plan.arms.map((arm) => {
        const types = list(arm.types.map((type) => source`${type}`))
        return source`{ types: ${types}, plan: ${print(arm.plan)} }`
      })
      return source`{ kind: ${plan.kind}, arms: ${list(arms)} }`
    }
    case 'variants': {
      const arms = plan.arms.map(([value, arm]) => source`[${value}, ${print(arm)}]`)
      return source`{ kind: ${plan.kind}, property: ${plan.property}, arms: ${list(arms)} }`
    }
    case 'reference':
      if (printed.has(plan.name)) return namePlan(plan.name)
      return source`{ kind: ${plan.kind}, plan: () => ${namePlan(plan.name)} }`
    case 'own': {
      const path = list(plan.path.map((part) => source`${part}`))
      const schema = SourceText.symbol(importSchemaValue(plan.exportName))
      const codec = source`${SourceText.symbol(importValue('readCodec'))}(${schema}, ${path})`
      return source`{ kind: ${plan.kind}, codec: ${codec}, inner: ${print(plan.inner)} }`
    }
    default:
      return source`{ kind: ${plan.kind} }`
  }
}

function namePlan(typeName: string): SourceText {
  return SourceText.name(`planOf${typeName}`)
}

function listReferences(plan: CodecPlan): string[] {
  return plan.kind === 'reference' ? [plan.name] : listInnerPlans(plan).flatMap(listReferences)
}

function fail(name: string): never {
  throw new Error(`the plan of ${name} is not among those of its declaration`)
}
