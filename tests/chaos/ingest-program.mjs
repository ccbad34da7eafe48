// Takes in a folder as a program of its own, so that a test can kill it: argv = JSON {runtime, person, folder, collectionId}.
import { openRuntime } from '@albumen/runtime';
import { IngestFolder } from '@albumen/workflow';

const { runtime: config, person, folder, collectionId } = JSON.parse(process.argv[2] ?? '{}');
const refuse = async () => {
  throw new Error('this program computes no pixels');
};
const engine = { pins: async () => ({}), assess: refuse, restore: refuse, compose: refuse, close: async () => {} };
const runtime = await openRuntime({ ...config, queue: 'memory', engine });
const onProgress = ({ done, total }) => process.stdout.write(`${done}/${total}\n`);
await new IngestFolder(runtime.bench).execute(person, { folder, collectionId, onProgress });
await runtime.close();
