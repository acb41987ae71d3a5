import { printTypeBox } from './print-typebox.js'
import type { Method, Shape } from './service.js'

/** Writes what a person would write: an interface for each message, and one for the service. */
export function printInterfaces(methods: readonly Method[]): string {
  const messages = methods.flatMap(({ typeName, input, output }) => [
    `export interface ${typeName}Request ${printType(input)}\n`,
    `export interface ${typeName}Response ${printType(output)}\n`,
  ])
  const calls = methods.map(({ name, typeName }) => {
    return `  ${name}(input: ${typeName}Request): Promise<${typeName}Response>\n`
  })
  return `${messages.join('')}export interface Client {\n${calls.join('')}}\n`
}

/** Writes the service as types that the compiler infers from TypeBox. */
export function printInferred(methods: readonly Method[]): string {
  const schemas = methods.map(({ typeName, input, output }) => {
    return `const ${typeName}Request = ${printTypeBox(input)}\nconst ${typeName}Response = ${printTypeBox(output)}\n`
  })
  const calls = methods.map(({ name, typeName }) => {
    return `  ${name}(input: Static<typeof ${typeName}Request>): Promise<Static<typeof ${typeName}Response>>\n`
  })
  const imports = `import { type Static, Type } from 'typebox'\n`
  return `${imports}${schemas.join('')}export interface Client {\n${calls.join('')}}\n`
}

/** Writes the service as a router of tRPC, with zod. */
export function printRouter(methods: readonly Method[]): string {
  const procedures = methods.map(({ name, input, output }) => {
    const types = `.input(${printZod(input)}).output(${printZod(output)})`
    return `  ${name}: t.procedure${types}.mutation((): never => { throw new Error() }),\n`
  })
  return `import { initTRPC } from '@trpc/server'
import { z } from 'zod'
const t = initTRPC.create()
export const router = t.router({\n${procedures.join('')}})
export type Router = typeof router\n`
}

function printType(shape: Shape): string {
  switch (shape.is) {
    case 'uuid':
      return 'string'
    case 'integer':
      return 'number'
    case 'choice':
      return shape.of.map((choice) => `'${choice}'`).join(' | ')
    case 'list':
      return `Array<${printType(shape.of)}>`
    case 'record': {
      const fields = Object.entries(shape.fields).map(([name, field]) => {
        return `${name}${field.optional ? '?' : ''}: ${printType(field.shape)}`
      })
      return `{ ${fields.join('; ')} }`
    }
    default:
      return shape.is
  }
}

function printZod(shape: Shape): string {
  switch (shape.is) {
    case 'integer':
      return 'z.int()'
    case 'uuid':
      return 'z.uuid()'
    case 'choice':
      return `z.enum([${shape.of.map((choice) => `'${choice}'`).join(', ')}])`
    case 'list':
      return `z.array(${printZod(shape.of)})`
    case 'record': {
      const fields = Object.entries(shape.fields).map(([name, field]) => {
        return `${name}: ${printZod(field.shape)}${field.optional ? '.optional()' : ''}`
      })
      return `z.object({ ${fields.join(', ')} })`
    }
    default:
      return `z.${shape.is}()`
  }
}
