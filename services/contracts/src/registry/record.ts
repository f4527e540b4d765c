/**
 * The camera record (一机一档): GB/T 28181-2022 fields and the client's own. One table: CSV import and export, JSON
 * Schema, validity marks and the completeness figure all follow from it.
 */

import { z } from 'zod'
import { Application, Carrier, DeviceId, DeviceKind } from '../common/identity.ts'
import { limitText } from '../errors/limits.ts'
import { Stage } from './stage.ts'

const text = (max: number) => z.string().trim().min(1).max(max)
const date = z.iso.date()
const flag = z.enum(['0', '1'])

/** `required`: for every device; or only for the point classes listed. */
type Field = {
  csv: string
  zh: string
  en: string
  schema: z.ZodType<string | number>
  required?: true | readonly PointClass[]
}

export const pointClasses = ['1', '2', '3', '9'] as const
/** 一类, 二类, 三类, other. */
export const PointClass = z.enum(pointClasses)
export type PointClass = z.infer<typeof PointClass>

export const recordFields = {
  id: { csv: 'DeviceID', zh: '设备编码', en: 'Device code', schema: DeviceId, required: true },
  name: { csv: 'Name', zh: '名称', en: 'Name', schema: text(128), required: true },
  manufacturer: { csv: 'Manufacturer', zh: '厂商', en: 'Manufacturer', schema: text(64), required: true },
  model: { csv: 'Model', zh: '型号', en: 'Model', schema: text(64), required: true },
  civilCode: {
    csv: 'CivilCode',
    zh: '行政区划',
    en: 'Division',
    schema: z.string().regex(/^(\d{2}|\d{4}|\d{6}|\d{8})$/, limitText('division-code')),
    required: true,
  },
  address: { csv: 'Address', zh: '安装地址', en: 'Address', schema: text(256), required: true },
  parental: { csv: 'Parental', zh: '是否有子设备', en: 'Has children', schema: flag, required: true },
  parentId: { csv: 'ParentID', zh: '父设备编码', en: 'Parent code', schema: text(64), required: true },
  registerWay: {
    csv: 'RegisterWay',
    zh: '注册方式',
    en: 'Registration',
    schema: z.enum(['1', '2', '3']),
    required: true,
  },
  secrecy: { csv: 'Secrecy', zh: '保密属性', en: 'Secrecy', schema: flag, required: true },
  status: { csv: 'Status', zh: '登记状态', en: 'Recorded status', schema: z.enum(['ON', 'OFF']), required: true },
  grassrootsCode: {
    csv: 'GrassrootsCode',
    zh: '基层组织编码',
    en: 'Grassroots code',
    schema: text(32),
    required: true,
  },
  pointType: { csv: 'PointType', zh: '点位类型', en: 'Point class', schema: PointClass, required: true },
  longitude: {
    csv: 'Longitude',
    zh: '经度',
    en: 'Longitude',
    schema: z.coerce.number().min(-180).max(180),
    required: ['1', '2'],
  },
  latitude: {
    csv: 'Latitude',
    zh: '纬度',
    en: 'Latitude',
    schema: z.coerce.number().min(-90).max(90),
    required: ['1', '2'],
  },
  installTime: { csv: 'InstallTime', zh: '安装时间', en: 'Installed', schema: date, required: ['1'] },
  contactInfo: { csv: 'ContactInfo', zh: '联系方式', en: 'Contact', schema: text(64), required: ['1'] },
  recordSaveDays: {
    csv: 'RecordSaveDays',
    zh: '录像保存天数',
    en: 'Recording days',
    schema: z.coerce.number().int().min(0).max(3_650),
    required: ['1'],
  },

  block: { csv: 'Block', zh: '警区', en: 'Block', schema: text(64) },
  securityLevelCode: {
    csv: 'SecurityLevelCode',
    zh: '安全等级',
    en: 'Security level',
    schema: z.enum(['A', 'B', 'C']),
  },
  ipAddress: { csv: 'IPAddress', zh: 'IP 地址', en: 'IP address', schema: z.union([z.ipv4(), z.ipv6()]) },
  port: { csv: 'Port', zh: '端口', en: 'Port', schema: z.coerce.number().int().min(1).max(65_535) },
  ptzType: { csv: 'PTZType', zh: '摄像机类型', en: 'PTZ type', schema: z.enum(['1', '2', '3', '4', '5', '6', '7']) },
  capturePositionType: { csv: 'CapturePositionType', zh: '采集部位类型', en: 'Capture position', schema: text(32) },
  roomType: { csv: 'RoomType', zh: '室内外', en: 'In or out of doors', schema: z.enum(['1', '2']) },
  supplyLightType: {
    csv: 'SupplyLightType',
    zh: '补光',
    en: 'Supplementary light',
    schema: z.enum(['1', '2', '3', '4', '9']),
  },
  directionType: {
    csv: 'DirectionType',
    zh: '朝向',
    en: 'Direction',
    schema: z.enum(['1', '2', '3', '4', '5', '6', '7', '8']),
  },
  horizontalFieldAngle: {
    csv: 'HorizontalFieldAngle',
    zh: '水平视场角（度）',
    en: 'Horizontal field of view (°)',
    schema: z.coerce.number().gt(0).max(360),
  },
  maxViewDistance: {
    csv: 'MaxViewDistance',
    zh: '可视距离（米）',
    en: 'View distance (m)',
    schema: z.coerce.number().gt(0).max(20_000),
  },
  resolution: { csv: 'Resolution', zh: '分辨率', en: 'Resolution', schema: text(64) },
  mac: {
    csv: 'MAC',
    zh: 'MAC 地址',
    en: 'MAC',
    schema: z.string().regex(/^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$/, limitText('hex-pairs')),
  },
  functionType: { csv: 'FunctionType', zh: '功能类型', en: 'Function', schema: text(64) },
  encodeType: { csv: 'EncodeType', zh: '编码格式', en: 'Encoding', schema: text(32) },
  managementUnit: { csv: 'ManagementUnit', zh: '管理单位', en: 'Management unit', schema: text(128) },
  industrialClassification: { csv: 'IndustrialClassification', zh: '所属行业', en: 'Industry', schema: text(64) },

  kind: { csv: 'Kind', zh: '设备类别', en: 'Kind', schema: DeviceKind, required: true },
  application: { csv: 'Application', zh: '应用', en: 'Application', schema: Application, required: true },
  carrier: { csv: 'Carrier', zh: '运营商', en: 'Carrier', schema: Carrier, required: true },
  stage: { csv: 'Stage', zh: '阶段', en: 'Stage', schema: Stage, required: true },
  owner: { csv: 'Owner', zh: '产权单位', en: 'Owner', schema: text(128) },
  builder: { csv: 'Builder', zh: '建设单位', en: 'Builder', schema: text(128) },
  maintainer: { csv: 'Maintainer', zh: '维护单位', en: 'Maintainer', schema: text(128) },
  maintainerPhone: { csv: 'MaintainerPhone', zh: '维护电话', en: 'Maintainer phone', schema: text(32) },
  policeStation: { csv: 'PoliceStation', zh: '派出所', en: 'Police station', schema: text(128) },
  subdistrict: { csv: 'Subdistrict', zh: '街道乡镇', en: 'Town or subdistrict', schema: text(64) },
  zone: { csv: 'Zone', zh: '园区', en: 'Zone', schema: z.enum(['430473', '430476']) },
  project: { csv: 'Project', zh: '项目', en: 'Project', schema: text(64) },
  batch: { csv: 'Batch', zh: '批次', en: 'Batch', schema: text(64) },
  serial: { csv: 'SerialNumber', zh: '出厂序列号', en: 'Serial number', schema: text(128) },
  poleNumber: { csv: 'PoleNumber', zh: '杆号', en: 'Pole', schema: text(64) },
  poleHeight: { csv: 'PoleHeight', zh: '杆高（米）', en: 'Pole height (m)', schema: z.coerce.number().min(0).max(100) },
  powerSource: { csv: 'PowerSource', zh: '取电', en: 'Power source', schema: text(64) },
  switch: { csv: 'Switch', zh: '交换机', en: 'Switch', schema: text(64) },
  switchPort: { csv: 'SwitchPort', zh: '交换机端口', en: 'Switch port', schema: text(32) },
  recorder: { csv: 'Recorder', zh: '录像机', en: 'Recorder', schema: text(64) },
  channel: { csv: 'Channel', zh: '通道', en: 'Channel', schema: text(32) },
  plannedAt: { csv: 'PlannedAt', zh: '计划日期', en: 'Planned', schema: date },
  acceptedAt: { csv: 'AcceptedAt', zh: '验收日期', en: 'Accepted', schema: date },
  inServiceAt: { csv: 'InServiceAt', zh: '投用日期', en: 'In service', schema: date },
  retiredAt: { csv: 'RetiredAt', zh: '报废日期', en: 'Retired', schema: date },
} as const satisfies Record<string, Field>

export type RecordField = keyof typeof recordFields
export const recordFieldNames = Object.keys(recordFields) as RecordField[]

type Fields = typeof recordFields
type Always = { [K in RecordField]: Fields[K] extends { required: true } ? K : never }[RecordField]
export type DeviceRecord = { [K in Always]: z.infer<Fields[K]['schema']> } & {
  [K in Exclude<RecordField, Always>]?: z.infer<Fields[K]['schema']> | undefined
}

/** Whether a field must be filled for a device of this point class. */
export function isRequired(field: RecordField, pointType: PointClass): boolean {
  const required = (recordFields[field] as Field).required
  return required === true || (Array.isArray(required) && required.includes(pointType))
}

const shape = Object.fromEntries(
  recordFieldNames.map((name) => {
    const { schema, required } = recordFields[name] as Field
    return [name, required === true ? schema : schema.optional()]
  }),
)
/** One device's record. Fields required only for a point class are checked by the refinement. */
export const DeviceRecord = z.strictObject(shape).superRefine((record, context) => {
  for (const name of recordFieldNames)
    if (record[name] === undefined && isRequired(name, record.pointType as PointClass))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: limitText('required-for-class', { class: record.pointType ?? '' }),
      })
}) as unknown as z.ZodType<DeviceRecord>
