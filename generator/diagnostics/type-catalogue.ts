/** NG3: types. */
export const TYPE_CATALOGUE = {
  NG3001: {
    severity: 'error',
    title: 'type that JSON cannot hold',
    explanation:
      'What is called with and answered travels as JSON. Functions, symbols, promises and class instances do not.',
  },
  NG3002: {
    severity: 'error',
    title: 'type not supported',
    explanation:
      'netgen generates a type and a check for the kinds of schema that it knows, and refuses the others, so that nothing goes unchecked.',
  },
  NG3003: {
    severity: 'error',
    title: 'codec, refinement or unsafe type',
    explanation:
      'A function inside a schema cannot be written out into a generated check, so a schema that needs one is refused.',
  },
  NG3004: {
    severity: 'error',
    title: 'not a TypeBox schema',
    explanation:
      'Only schemas made by the functions of Type are read: a plain object has no kind, and so no TypeScript type.',
  },
  NG3005: {
    severity: 'error',
    title: 'unknown keyword',
    explanation:
      'A keyword that the check does not know would be ignored, and the schema would promise more than it holds.',
  },
  NG3006: {
    severity: 'error',
    title: 'bad keyword value',
    explanation: 'JSON Schema 2020-12 says which values a keyword takes.',
  },
  NG3007: {
    severity: 'error',
    title: 'void inside a type',
    explanation: 'Void means that a call answers nothing. It is no value, so it can only be a whole output.',
  },
  NG3008: {
    severity: 'error',
    title: 'modifier without effect',
    explanation:
      'Optional and Readonly belong to the properties of an object; Optional also to the last elements of a tuple.',
  },
  NG3009: {
    severity: 'error',
    title: 'unknown format',
    explanation: 'A format that the check does not know would be ignored.',
  },
  NG3010: {
    severity: 'error',
    title: 'bad pattern',
    explanation: 'Patterns are JavaScript regular expressions with the u flag and no other, as JSON Schema recommends.',
  },
  NG3011: {
    severity: 'error',
    title: 'unbounded uniqueItems',
    explanation:
      'Comparing every item with every other takes time that grows with the square of their number, so the number needs a limit.',
  },
  NG3012: {
    severity: 'error',
    title: 'dangling reference',
    explanation: 'A reference leads to a member of the Type.Cyclic or Type.Module around it. This one leads nowhere.',
  },
  NG3013: {
    severity: 'error',
    title: 'recursion without a name',
    explanation: 'A type that contains itself is printed by its name, and takes it from the export.',
  },
  NG3014: {
    severity: 'error',
    title: 'record keys',
    explanation: 'Keys of a record are Type.String(), Type.Number() or Type.Integer(), or a union of literals.',
  },
  NG3015: {
    severity: 'error',
    title: 'value that JSON cannot hold',
    explanation: 'Literals, enums, defaults and examples stand in the JSON Schema, so they are JSON values.',
  },
  NG3016: {
    severity: 'error',
    title: 'nested too deeply',
    explanation: 'Schemas may be nested 64 levels deep, as deep as a message may be.',
  },
  NG3017: {
    severity: 'error',
    title: 'check cannot be compiled',
    explanation: 'ajv refused the JSON Schema of this part.',
  },
  NG3018: {
    severity: 'error',
    title: 'type that is only itself',
    explanation:
      'A recursive type needs a property or an array between itself and itself; without, no value could ever be checked.',
  },
} as const
