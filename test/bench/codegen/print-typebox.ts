import type { Method, Shape } from './service.js'

/** Writes a service as a schema file of netgen's. */
export function printSchemaFile(methods: readonly Method[]): string {
  const connections = methods.map(({ name, input, output }) => {
    return `
/** Does what ${name} does. */
export const ${name} = connection({
  input: ${printTypeBox(input)},
  output: ${printTypeBox(output)},
})
`
  })
  return `import { connection, Type } from 'netgen/schema'\n${connections.join('')}`
}

/** Writes a type as a call of TypeBox. */
export function printTypeBox(shape: Shape): string {
  switch (shape.is) {
    case 'string':
      return 'Type.String()'
    case 'uuid':
      return "Type.String({ format: 'uuid' })"
    case 'integer':
      return 'Type.Integer()'
    case 'number':
      return 'Type.Number()'
    case 'boolean':
      return 'Type.Boolean()'
    case 'choice':
      return `Type.Union([${shape.of.map((choice) => `Type.Literal('${choice}')`).join(', ')}])`
    case 'list':
      return `Type.Array(${printTypeBox(shape.of)})`
    case 'record': {
      const fields = Object.entries(shape.fields).map(([name, field]) => {
        const type = printTypeBox(field.shape)
        return `${name}: ${field.optional ? `Type.Optional(${type})` : type}`
      })
      return `Type.Object({ ${fields.join(', ')} })`
    }
  }
}
