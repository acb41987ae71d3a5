import { Buffer } from 'node:buffer'

/** The input of the small call. */
export interface Pair {
  readonly a: number
  readonly b: number
}

/** Its output. */
export interface Sum {
  readonly sum: number
}

/** Another input for each call of the small kind, so that no answer can pass for another's. */
export function createPair(turn: number): Pair {
  return { a: turn & 0xffff, b: 7 }
}

/** A nested record of about 1 KB of JSON, with one text beyond ASCII in it. */
export const user = {
  id: '3f0c2f6e-7b1d-4c5a-9a58-1f2f6f0f9a11',
  seq: 1_048_577,
  username: 'marta.kowalska',
  displayName: 'Marta Kowalska',
  email: 'marta.kowalska@example.org',
  active: true,
  role: 'editor' as 'admin' | 'editor' | 'viewer',
  score: 0.87312,
  createdAt: '2025-03-14T09:26:53.589Z',
  updatedAt: '2026-01-02T11:12:13.141Z',
  bio: 'Backend engineer; likes typed schemas, small binaries and long walks by the river.',
  tags: ['typescript', 'rpc', 'networking', 'json-schema', 'codegen', 'nodejs'],
  address: {
    street: 'ul. Piotrkowska 104',
    city: 'Łódź',
    zip: '90-926',
    country: 'PL',
    geo: { lat: 51.7592, lon: 19.456 },
  },
  emails: [
    { address: 'marta.kowalska@example.org', primary: true, verified: true },
    { address: 'mk@home.example', primary: false, verified: false },
  ],
  preferences: {
    theme: 'dark' as 'dark' | 'light',
    language: 'pl',
    notifications: { email: true, push: false, digest: 'weekly' as 'daily' | 'weekly' | 'never' },
  },
  logins: [
    { id: 90_211, ip: '192.0.2.17', agent: 'Firefox/131.0 (X11; Linux x86_64)', at: 1_767_351_133_141 },
    { id: 90_377, ip: '198.51.100.4', agent: 'netgen/0.1 node/20.20', at: 1_767_354_433_007 },
  ],
}

/** The record. */
export type User = typeof user

/** A list of 561 items, about 100 KB of JSON. */
export const stock = { items: Array.from({ length: 561 }, (_, index) => createItem(index + 1)) }

/** The list. */
export type Stock = typeof stock

function createItem(id: number): Item {
  return {
    id,
    sku: `SKU-${String(id).padStart(6, '0')}`,
    title: `Item number ${id} of the list payload`,
    qty: (id * 7) % 100,
    price: Math.round(id * 137.31) / 100,
    inStock: id % 3 !== 0,
    tags: ['alpha', 'beta', `t${id % 17}`],
    dims: { w: (id % 50) + 0.5, h: (id % 40) + 0.25, d: (id % 30) + 1 },
  }
}

interface Item {
  id: number
  sku: string
  title: string
  qty: number
  price: number
  inStock: boolean
  tags: string[]
  dims: { w: number; h: number; d: number }
}

/** How many bytes of JSON a value has. */
export function countBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
