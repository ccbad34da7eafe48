import { forbiddenDependencies } from './tools/boundaries/levels.mjs';

export default {
  forbidden: forbiddenDependencies(),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|libs)/[^/]+/dist|^migrations/dist|/dist/browser/' },
    includeOnly: undefined,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@albumen/source', 'module', 'import', 'node', 'types', 'default'],
    },
  },
};
