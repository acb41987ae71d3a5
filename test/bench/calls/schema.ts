import { connection, Type } from 'netgen/schema'

const text = (maxLength = 200) => Type.String({ maxLength })

const User = Type.Object({
  id: Type.String({ minLength: 36, maxLength: 36 }),
  seq: Type.Integer({ minimum: 0 }),
  username: Type.String({ minLength: 1, maxLength: 64 }),
  displayName: text(),
  email: text(),
  active: Type.Boolean(),
  role: Type.Union([Type.Literal('admin'), Type.Literal('editor'), Type.Literal('viewer')]),
  score: Type.Number({ minimum: 0, maximum: 1 }),
  createdAt: text(40),
  updatedAt: text(40),
  bio: Type.Optional(text(2000)),
  phone: Type.Optional(text(40)),
  avatarUrl: Type.Optional(text(400)),
  tags: Type.Array(text(40), { maxItems: 50 }),
  address: Type.Object({
    street: text(),
    city: text(),
    zip: text(20),
    country: Type.String({ minLength: 2, maxLength: 2 }),
    geo: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() })),
  }),
  emails: Type.Array(Type.Object({ address: text(), primary: Type.Boolean(), verified: Type.Boolean() }), {
    maxItems: 20,
  }),
  preferences: Type.Object({
    theme: Type.Union([Type.Literal('dark'), Type.Literal('light')]),
    language: text(10),
    timezone: Type.Optional(text(60)),
    notifications: Type.Object({
      email: Type.Boolean(),
      push: Type.Boolean(),
      digest: Type.Union([Type.Literal('daily'), Type.Literal('weekly'), Type.Literal('never')]),
    }),
  }),
  logins: Type.Array(Type.Object({ id: Type.Integer(), ip: text(45), agent: text(400), at: Type.Integer() }), {
    maxItems: 100,
  }),
})

const Item = Type.Object({
  id: Type.Integer(),
  sku: text(20),
  title: text(),
  qty: Type.Integer({ minimum: 0 }),
  price: Type.Number(),
  inStock: Type.Boolean(),
  tags: Type.Array(text(40)),
  dims: Type.Object({ w: Type.Number(), h: Type.Number(), d: Type.Number() }),
  note: Type.Optional(text()),
})

const Stock = Type.Object({ items: Type.Array(Item, { maxItems: 10_000 }) })

/** The small call: two numbers in, one out. */
export const add = connection({
  input: Type.Object({ a: Type.Integer(), b: Type.Integer() }),
  output: Type.Object({ sum: Type.Integer() }),
})

/** The record of 1 KB, there and back. */
export const echoUser = connection({ input: User, output: User })

/** The list of 100 KB, there and back. */
export const echoStock = connection({ input: Stock, output: Stock })
