import type { Method, Shape } from './service.js'

/** Writes a service in the language of Protocol Buffers, which has no formats. */
export function printProto(methods: readonly Method[]): string {
  const messages = methods.flatMap(({ typeName, input, output }) => [
    printMessage(`${typeName}Request`, input),
    printMessage(`${typeName}Response`, output),
  ])
  const calls = methods.map(({ name, typeName }) => {
    return `  // Does what ${name} does.\n  rpc ${typeName}(${typeName}Request) returns (${typeName}Response);\n`
  })
  return `syntax = "proto3";\npackage bench.v1;\n${messages.join('')}service Bench {\n${calls.join('')}}\n`
}

function printMessage(name: string, shape: Shape): string {
  if (shape.is !== 'record') throw new TypeError(`${name} is no record`)
  const nested: string[] = []
  const fields = Object.entries(shape.fields).map(([field, { shape: type, optional }], index) => {
    const isList = type.is === 'list'
    const prefix = isList ? 'repeated ' : optional ? 'optional ' : ''
    return `  ${prefix}${printField(`${name}_${field}`, isList ? type.of : type, nested)} ${field} = ${index + 1};\n`
  })
  return `${nested.join('')}message ${name} {\n${fields.join('')}}\n`
}

/** Answers the name of a field's type, and writes the types that it needs first. */
function printField(name: string, shape: Shape, nested: string[]): string {
  switch (shape.is) {
    case 'record':
      nested.push(printMessage(name, shape))
      return name
    case 'choice': {
      const values = shape.of.map((choice, index) => `${name.toUpperCase()}_${choice.toUpperCase()} = ${index};`)
      nested.push(`enum ${name} { ${values.join(' ')} }\n`)
      return name
    }
    case 'list':
      throw new TypeError(`${name} is a list of lists`)
    default:
      return SCALARS[shape.is]
  }
}

const SCALARS = { string: 'string', uuid: 'string', integer: 'int32', number: 'double', boolean: 'bool' } as const
