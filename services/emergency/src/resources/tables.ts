/** Units, shelters, hospitals and the like, as the client imports them. */

export interface ResourceTables {
  resource: ResourceTable
}

interface ResourceTable {
  id: string
  kind: string
  name: string
  district: string
  longitude: number
  latitude: number
  phone: string | null
  capacity: number | null
  note: string | null
  updated_at: number
}
