/** Routes: the camera record, devices, topology and progress. */
import { byCode } from '../common/params.ts'
import type { Route } from '../route.ts'
import { DeviceDetail, DevicePage, DeviceQuery, DeviceRow } from './devices.ts'
import { DeviceHistory, DeviceHistoryQuery } from './history.ts'
import { ImportQuery, ImportResult, RegistryImportResult, tableTypes, xlsxType } from './import.ts'
import { Progress, ProgressQuery } from './progress.ts'
import { StageChange } from './stage.ts'

export const registryRoutes = {
  devices: {
    method: 'get',
    path: '/devices',
    summary: 'Devices, filtered',
    needs: 'view',
    query: DeviceQuery,
    response: DevicePage,
  },
  device: {
    method: 'get',
    path: '/devices/{id}',
    summary: 'One device, explained',
    needs: 'view',
    params: byCode,
    response: DeviceDetail,
  },
  deviceHistory: {
    method: 'get',
    path: '/devices/{id}/history',
    summary: 'The dated record of a device: what was true when, and when it was said; as known now, or at an instant',
    needs: 'view',
    params: byCode,
    query: DeviceHistoryQuery,
    response: DeviceHistory,
  },
  stage: {
    method: 'patch',
    path: '/devices/{id}/stage',
    summary: 'Move a device along its life cycle',
    needs: 'registry',
    params: byCode,
    body: StageChange,
    response: DeviceRow,
  },
  exportDevices: {
    method: 'get',
    path: '/registry.csv',
    summary: 'The camera record as CSV',
    needs: 'view',
    produces: 'text/csv',
  },
  exportWorkbook: {
    method: 'get',
    path: '/registry.xlsx',
    summary: 'The camera record as a workbook whose cells are text: Excel keeps every code',
    needs: 'view',
    produces: xlsxType,
  },
  importDevices: {
    method: 'post',
    path: '/registry.csv',
    summary:
      'Import the camera record, CSV or .xlsx; good rows hold from now on, bad rows are named, what reaches back waits for approval; each line is accounted for',
    needs: 'registry',
    query: ImportQuery,
    consumes: tableTypes,
    response: RegistryImportResult,
  },
  exportTopology: {
    method: 'get',
    path: '/topology.csv',
    summary: 'What devices need beside what their record says, as CSV',
    needs: 'oversee',
    produces: 'text/csv',
  },
  importTopology: {
    method: 'post',
    path: '/topology.csv',
    summary:
      'Import what devices need; good rows enter, bad rows are named. A device named in the file loses the needs it had',
    needs: 'registry',
    consumes: tableTypes,
    response: ImportResult,
  },
  progress: {
    method: 'get',
    path: '/progress',
    summary: 'Progress of the rollout against the dates of the plan',
    needs: 'oversee',
    query: ProgressQuery,
    response: Progress,
  },
} as const satisfies Record<string, Route>
