import type { Method, Shape } from './service.js'

/** Writes a service as an OpenAPI 3.1 document. */
export function printOpenApi(methods: readonly Method[]): string {
  const content = (name: string): object => {
    return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } }
  }
  const paths = methods.map(({ name, typeName }) => [
    `/${name}`,
    {
      post: {
        operationId: name,
        summary: `Does what ${name} does.`,
        requestBody: { required: true, content: content(`${typeName}Request`) },
        responses: { 200: { description: 'Done.', content: content(`${typeName}Response`) } },
      },
    },
  ])
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'bench', version: '1' },
    paths: Object.fromEntries(paths),
    components: { schemas: describeMessages(methods) },
  })
}

/** Writes the types of a service as one JSON Schema. */
export function printJsonSchema(methods: readonly Method[]): string {
  const definitions = describeMessages(methods)
  const references = Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }])
  return JSON.stringify({ title: 'All', type: 'object', properties: Object.fromEntries(references), definitions })
}

function describeMessages(methods: readonly Method[]): Record<string, object> {
  const messages = methods.flatMap(({ typeName, input, output }) => [
    [`${typeName}Request`, toJsonSchema(input)],
    [`${typeName}Response`, toJsonSchema(output)],
  ])
  return Object.fromEntries(messages) as Record<string, object>
}

function toJsonSchema(shape: Shape): object {
  switch (shape.is) {
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'choice':
      return { type: 'string', enum: shape.of }
    case 'list':
      return { type: 'array', items: toJsonSchema(shape.of) }
    case 'record': {
      const fields = Object.entries(shape.fields)
      return {
        type: 'object',
        required: fields.filter(([, { optional }]) => !optional).map(([name]) => name),
        properties: Object.fromEntries(fields.map(([name, field]) => [name, toJsonSchema(field.shape)])),
      }
    }
    default:
      return { type: shape.is }
  }
}
