// Runs the model server by itself: npm run model-server -- [--port N] [--rate TOKENS_PER_S] [--ttft MS] [--script FILE].
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startModelServer } from './server.ts'
import { rulesOf } from './rules-file.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    rate: { type: 'string', default: '200' },
    ttft: { type: 'string', default: '150' },
    script: { type: 'string' },
    key: { type: 'string' },
    reply: { type: 'string' },
    models: { type: 'string' },
  },
})

const server = await startModelServer({
  port: Number(values.port),
  rate: Number(values.rate),
  ttft: Number(values.ttft),
  ...(values.script === undefined ? {} : { script: rulesOf(readFileSync(values.script, 'utf8')) }),
  ...(values.key === undefined ? {} : { key: values.key }),
  ...(values.reply === undefined ? {} : { reply: values.reply }),
  ...(values.models === undefined ? {} : { models: values.models.split(',') }),
})
console.log(server.url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
