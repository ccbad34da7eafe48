import nx from '@nx/eslint-plugin';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { moduleBoundaries } from './tools/boundaries/levels.mjs';

const sources = ['apps/**/*.ts', 'libs/**/*.ts', 'migrations/**/*.ts'];
const specs = ['**/*.spec.ts', 'tests/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '**/.angular/**',
      'data/**',
      'models/training/**',
      'samples/**',
      '**/*.d.ts',
    ],
  },
  { files: ['**/*.ts'], extends: [js.configs.recommended, ...tseslint.configs.recommended] },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'off',
      'max-lines': ['error', { max: 450 }],
    },
  },
  {
    files: sources,
    ignores: specs,
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: moduleBoundaries() },
      ],
    },
  },
  {
    files: sources,
    ignores: [...specs, '**/config.ts', 'apps/cli/**', '**/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only a config.ts reads the environment.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.value='env']",
          message: 'Only a config.ts reads the environment.',
        },
      ],
    },
  },
);
