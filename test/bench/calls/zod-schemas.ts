import { z } from 'zod'

const text = (max = 200) => z.string().max(max)

/** The input of the small call, as netgen's schema has it. */
export const pair = z.object({ a: z.int(), b: z.int() })

/** Its output. */
export const sum = z.object({ sum: z.int() })

/** The record of 1 KB. */
export const user = z.object({
  id: z.string().min(36).max(36),
  seq: z.int().min(0),
  username: z.string().min(1).max(64),
  displayName: text(),
  email: text(),
  active: z.boolean(),
  role: z.enum(['admin', 'editor', 'viewer']),
  score: z.number().min(0).max(1),
  createdAt: text(40),
  updatedAt: text(40),
  bio: text(2000).optional(),
  phone: text(40).optional(),
  avatarUrl: text(400).optional(),
  tags: z.array(text(40)).max(50),
  address: z.object({
    street: text(),
    city: text(),
    zip: text(20),
    country: z.string().min(2).max(2),
    geo: z.object({ lat: z.number(), lon: z.number() }).optional(),
  }),
  emails: z.array(z.object({ address: text(), primary: z.boolean(), verified: z.boolean() })).max(20),
  preferences: z.object({
    theme: z.enum(['dark', 'light']),
    language: text(10),
    timezone: text(60).optional(),
    notifications: z.object({
      email: z.boolean(),
      push: z.boolean(),
      digest: z.enum(['daily', 'weekly', 'never']),
    }),
  }),
  logins: z.array(z.object({ id: z.int(), ip: text(45), agent: text(400), at: z.int() })).max(100),
})

const item = z.object({
  id: z.int(),
  sku: text(20),
  title: text(),
  qty: z.int().min(0),
  price: z.number(),
  inStock: z.boolean(),
  tags: z.array(text(40)),
  dims: z.object({ w: z.number(), h: z.number(), d: z.number() }),
  note: text().optional(),
})

/** The list of 100 KB. */
export const stock = z.object({ items: z.array(item).max(10_000) })
