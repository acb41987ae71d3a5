import { memoize } from '../model/memoize.js'
import type { ConnectionModel, EventModel, PayloadModel, SchemaModel } from '../model/model.js'
import type { TypeNode } from '../model/type-node.js'
import { measureAtLeast } from './measure-type.js'
import { importType, useGlobal } from './module-symbol.js'
import { printDocumentation } from './print-documentation.js'
import { MAX_COLUMNS } from './print-module.js'
import { hasDocumentation, printFlat, printType } from './print-type.js'
import { SourceText, source } from './source-text.js'

/** Prints what a peer answers with: one method per connection. */
export function printHandlers({ names, connections }: SchemaModel): SourceText {
  return source`/** What this peer answers with. One method per connection of the schema. */
export interface ${SourceText.nameOf({ is: 'schema' }, SourceText.name(names.handlers))} {${connections.map((connection) => printMethod(connection))}\n}`
}

/** Prints what calls and events go through: one function per connection, one object per event. */
export function printStub({ names, connections, events }: SchemaModel): SourceText {
  const members = [
    ...connections.map((connection) => printFunction(connection)),
    ...events.map((event) => printEvent(event)),
  ]
  const about =
    events.length === 0
      ? source`What calls go through. One function per connection of the schema.`
      : source`What calls and events go through. One function per connection of the schema, and one object per event.`
  return source`/** ${about} */
export interface ${SourceText.nameOf({ is: 'schema' }, SourceText.name(names.stub))} {${members}\n}`
}

/** What an interface's members may take: they are indented. */
const COLUMNS = MAX_COLUMNS - 2

const printMethod = memoize((connection: ConnectionModel) => {
  return source`\n  ${printDocumentation(connection.documentation)}${printHandler(connection)}`
})

const printFunction = memoize((connection: ConnectionModel) => {
  const throws = connection.errors.map(({ className }) => className)
  const comment = printDocumentation(connection.documentation, { throws })
  return source`\n  ${comment}${printCall(connection)}`
})

const printEvent = memoize(({ name, payload, delivery, documentation }: EventModel) => {
  const symbol = SourceText.symbol(importType(delivery === 'durable' ? 'DurableEventStub' : 'EventStub'))
  const member = fitLine((print) => {
    return source`readonly ${printName(name)}: ${symbol}<${payload === undefined ? source`void` : print(payload.type)}>`
  })
  return source`\n  ${printDocumentation(documentation)}${member}`
})

function printHandler({ name, input, output }: ConnectionModel): SourceText {
  const context = source`ctx: ${SourceText.symbol(importType('Context'))}`
  const iterable = SourceText.symbol(useGlobal('AsyncIterable'))
  const promise = SourceText.symbol(useGlobal('Promise'))
  // A long type is not written twice: the compiler would read it twice, and so would a person.
  const awaitable = SourceText.symbol(importType('Awaitable'))
  return fitLine((print) => {
    const printOne = ({ type, isStream }: PayloadModel): SourceText => {
      return isStream ? source`${iterable}<${print(type)}>` : print(type)
    }
    const parameters = input === undefined ? context : source`input: ${printOne(input)}, ${context}`
    const one = output === undefined ? source`void` : printOne(output)
    const isShort = output === undefined || isShortType(output.type)
    const answer = isShort ? source`${one} | ${promise}<${one}>` : source`${awaitable}<${one}>`
    const result = output?.isStream ? one : answer
    return source`${printName(name)}(${parameters}): ${result}`
  })
}

function printCall({ name, input, output }: ConnectionModel): SourceText {
  const symbol = SourceText.symbol(importType(nameCallType(input, output)))
  return fitLine((print) => {
    const result = output === undefined ? source`void` : print(output.type)
    const parameters = input === undefined ? result : source`${print(input.type)}, ${result}`
    return source`readonly ${printName(name)}: ${symbol}<${parameters}>`
  })
}

function nameCallType(input: PayloadModel | undefined, output: PayloadModel | undefined): string {
  if (input === undefined) return output?.isStream ? 'StreamCallWithoutInput' : 'CallWithoutInput'
  if (input.isStream) return output?.isStream ? 'TwoWayStreamCall' : 'InputStreamCall'
  return output?.isStream ? 'StreamCall' : 'Call'
}

function printName(name: string): SourceText {
  return SourceText.nameOf({ is: 'export', name }, SourceText.key(name))
}

/** Prints a signature on one line where that fits, else with its types broken into lines. */
function fitLine(print: (printPart: (type: TypeNode) => SourceText) => SourceText): SourceText {
  let mayFit = true
  const line = print((type) => {
    mayFit &&= measureAtLeast(type) <= COLUMNS && !hasDocumentation(type)
    return mayFit ? printFlat(type) : source``
  })
  return mayFit && line.columns <= COLUMNS && line.isOneLine ? line : print(printApart)
}

/** Whether a type is not worth breaking. */
function isShortType(type: TypeNode): boolean {
  return measureAtLeast(type) < MIN_BROKEN_COLUMNS && printFlat(type).columns < MIN_BROKEN_COLUMNS
}

const MIN_BROKEN_COLUMNS = 24

function printApart(type: TypeNode): SourceText {
  const known = textsApart.get(type)
  if (known) return known
  const text = printType(type, { first: isShortType(type) ? COLUMNS : 0, further: COLUMNS })
  textsApart.set(type, text)
  return text
}

/** Both interfaces have the same types. */
const textsApart = new WeakMap<TypeNode, SourceText>()
