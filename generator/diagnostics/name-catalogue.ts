/** NG4: names. */
export const NAME_CATALOGUE = {
  NG4001: {
    severity: 'error',
    title: 'bad name',
    explanation:
      'A connection becomes a function of the stub and of the handlers, an event a member of the stub, and a flag a constant. So the name is an identifier, none that JavaScript itself looks for on objects, and for a flag no reserved word.',
    wrong: 'export const then = connection({})',
    right: 'export const afterwards = connection({})',
  },
  NG4002: {
    severity: 'error',
    title: 'bad type name',
    explanation:
      'An exported schema becomes a TypeScript type of the same name, so the name must be one that a type can have.',
    wrong: `export const string = Type.String({ maxLength: 5 })
export const save = connection({ input: string })`,
    right: `export const Short = Type.String({ maxLength: 5 })
export const save = connection({ input: Short })`,
  },
  NG4003: {
    severity: 'error',
    title: 'name already generated',
    explanation:
      'The generated file holds types, classes and a descriptor of its own. Two things of one name would be merged by TypeScript without a word, or refused.',
    wrong: `export const SchemaStub = Type.String()
export const save = connection({ input: SchemaStub })`,
    right: `export const Text = Type.String()
export const save = connection({ input: Text })`,
  },
  NG4004: {
    severity: 'error',
    title: 'bad error name',
    explanation:
      'A declared error becomes the class <name>Error: the name is in PascalCase and does not end in Error itself.',
    wrong: 'export const save = connection({ errors: { DiskError: Type.Object({}) } })',
    right: 'export const save = connection({ errors: { DiskFull: Type.Object({}) } })',
  },
  NG4005: {
    severity: 'error',
    title: 'bad schema file name',
    explanation:
      'The schema is named after its file, in camelCase; the name is part of the generated code and of every tag, so it has to be an identifier.',
    wrong: 'netgen build 1st.ts',
    right: 'netgen build first.ts',
  },
  NG4006: {
    severity: 'error',
    title: 'recursive type named like another',
    explanation:
      'The members of Type.Cyclic and Type.Module become types of the generated file, so each name can stand for one type only.',
    wrong: `export const Node = Type.String()
export const Tree = Type.Cyclic({ Node: Type.Array(Type.Ref('Node')) }, 'Node')
export const save = connection({ input: Tree })`,
    right: `export const Node = Type.String()
export const Tree = Type.Cyclic({ Branch: Type.Array(Type.Ref('Branch')) }, 'Branch')
export const save = connection({ input: Tree })`,
  },
  NG4007: {
    severity: 'error',
    title: 'bad property name',
    explanation:
      'A property named __proto__ is refused at run time wherever it appears, because it is how prototypes are attacked. A name with half a character, a lone surrogate, cannot be written in UTF-8.',
    wrong: `export const save = connection({ input: Type.Object({ ['__proto__']: Type.String() }) })`,
    right: 'export const save = connection({ input: Type.Object({ prototype: Type.String() }) })',
  },
} as const
