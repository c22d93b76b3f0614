// The entry of every worker thread: serves the role named in its workerData: the store, the jobs, the project or syntax.
import { parentPort, workerData } from 'node:worker_threads'
import type { Jobs } from '../core/jobs.ts'
import { serveThread, type ThreadRole } from './thread.ts'

const { role, data }: ThreadRole = workerData
if (parentPort === null) throw new Error('this file is the entry of a worker thread')

// Each role loads only what it needs. Questions that come meanwhile wait in the port until it has a listener.
switch (role) {
  case 'store': {
    const { isStorePlace, serveStore } = await import('./store-server.ts')
    if (!isStorePlace(data)) throw new Error('the store worker was started without its place')
    serveStore(parentPort, data)
    break
  }
  case 'project': {
    const { isProjectPlace, serveProject } = await import('./project-server.ts')
    if (!isProjectPlace(data)) throw new Error("the project's worker was started without its place")
    serveProject(parentPort, data)
    break
  }
  case 'jobs': {
    const { runJob } = await import('../core/jobs.ts')
    serveThread<Jobs>(parentPort, (job) => runJob(job.name, job.input))
    break
  }
  case 'syntax': {
    const { isSyntaxPlace, serveSyntax } = await import('./syntax/serve.ts')
    serveSyntax(parentPort, isSyntaxPlace(data) ? data : null)
    break
  }
  default:
    throw new Error(`no such worker: ${String(role satisfies never)}`)
}
