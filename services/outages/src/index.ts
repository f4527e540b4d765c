export { outagesModule } from './module.ts'
export { tellingPolicyOf } from './notify/teller.ts'
