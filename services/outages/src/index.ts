export { outagesModule } from './module.ts'
