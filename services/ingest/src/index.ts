export { gatewaysModule } from './gateways/module.ts'
export { ingestModule } from './module.ts'
export { platformsModule } from './platforms/module.ts'
