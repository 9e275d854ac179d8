// What every script of the project keeps to.
export default {
  curly: ['error', 'multi-line'],
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-implicit-globals': 'error',
};
