/** Where a seeded fleet stands: share, box, roads and towns of each district. Names sound right; they are not surveyed. */
import type { DistrictCode } from '@hub/contracts'

export type Place = {
  /** Part of the city's cameras. */
  share: number
  /** West, south, east, north in WGS-84 degrees: well inside the district, so that no device stands across a border that is only schematic. */
  box: readonly [number, number, number, number]
  roads: readonly string[]
  /** Towns and subdistricts. */
  towns: readonly string[]
}

const words = (text: string): readonly string[] => text.split(' ')

export const places: Record<DistrictCode, Place> = {
  430405: {
    share: 0.11,
    box: [112.659, 26.78, 112.712, 27.012],
    roads: words('东风路 湖南路 广东路 湖北路 狮山路 衡州大道 船山东路 玄碧塘路'),
    towns: words('广东路街道 东风街道 冶金街道 苗圃街道 粤汉街道 衡州路街道 东阳渡街道 茶山坳镇 酃湖乡 和平乡'),
  },
  430406: {
    share: 0.09,
    box: [112.591, 26.792, 112.648, 26.852],
    roads: words('中山南路 湘江南路 雁城路 白沙大道 环城南路 黄茶岭路 衡祁路 金果路'),
    towns: words('先锋街道 雁峰街道 天马山街道 黄茶岭街道 白沙洲街道 金龙坪街道 岳屏镇'),
  },
  430407: {
    share: 0.09,
    box: [112.561, 26.94, 112.623, 26.995],
    roads: words('中山北路 人民路 常胜路 演武坪路 石鼓路 蒸阳北路 松木大道 湘江北路'),
    towns: words('青山街道 五一街道 潇湘街道 人民街道 合江街道 黄沙湾街道 松木街道 角山镇'),
  },
  430408: {
    share: 0.12,
    box: [112.51, 26.844, 112.576, 26.924],
    roads: words('解放大道 蒸湘南路 蒸湘北路 华新大道 红湘路 船山大道 立新大道 延安路'),
    towns: words('蒸湘街道 红湘街道 联合街道 华兴街道 长湖街道 雨母山镇 呆鹰岭镇'),
  },
  430412: {
    share: 0.04,
    box: [112.598, 27.205, 112.723, 27.311],
    roads: words('祝融路 衡山路 金沙路 独秀路 环城路 方广路'),
    towns: words('祝融街道 南岳镇 寿岳乡'),
  },
  430421: {
    share: 0.1,
    box: [112.136, 26.954, 112.519, 27.208],
    roads: words('蒸阳大道 清江路 春风路 船山路 新正路 向阳路'),
    towns: words('西渡镇 集兵镇 杉桥镇 井头镇 演陂镇 金兰镇 洪市镇 曲兰镇 渣江镇 三湖镇 台源镇 库宗桥镇 岣嵝乡 樟木乡'),
  },
  430422: {
    share: 0.1,
    box: [112.27, 26.625, 112.81, 26.758],
    roads: words('云集大道 黄金大道 新塘路 雁南路 云市路 湘南路'),
    towns: words(
      '云集街道 车江街道 三塘镇 茶市镇 冠市镇 江口镇 宝盖镇 花桥镇 泉溪镇 谭子山镇 鸡笼镇 泉湖镇 栗江镇 咸塘镇',
    ),
  },
  430423: {
    share: 0.05,
    box: [112.776, 27.094, 112.86, 27.426],
    roads: words('开云大道 人民路 湘江路 解放路 新塘路'),
    towns: words('开云镇 白果镇 东湖镇 店门镇 长江镇 萱洲镇 新桥镇 福田铺乡 岭坡乡 永和乡'),
  },
  430424: {
    share: 0.07,
    box: [112.918, 26.875, 113.131, 27.333],
    roads: words('衡岳路 迎宾路 兴衡路 洣江大道 城关路'),
    towns: words('洣水镇 石湾镇 新塘镇 大浦镇 吴集镇 甘溪镇 杨林镇 草市镇 霞流镇 荣桓镇 蓬源镇 三樟镇'),
  },
  430426: {
    share: 0.08,
    box: [111.773, 26.529, 112.153, 26.883],
    roads: words('衡缘大道 沿江东路 鼎山路 横堤路 建设路 永昌大道'),
    towns: words(
      '洪桥街道 玉合街道 白鹤街道 永昌街道 金桥镇 鸟江镇 粮市镇 河洲镇 归阳镇 过水坪镇 双桥镇 风石堰镇 白地市镇',
    ),
  },
  430481: {
    share: 0.09,
    box: [112.684, 26.227, 113.032, 26.59],
    roads: words('西湖路 五一路 神农路 蔡伦路 群英路 金星路 灶市街'),
    towns: words(
      '灶市街街道 蔡子池街道 水东江街道 五里牌街道 余庆街道 三架街道 黄市镇 小水镇 公平圩镇 三都镇 南阳镇 夏塘镇 哲桥镇',
    ),
  },
  430482: {
    share: 0.06,
    box: [112.267, 26.174, 112.621, 26.547],
    roads: words('青阳路 泉峰路 群英路 曲潭路 尹阁路 砚池路'),
    towns: words('宜阳街道 培元街道 泉峰街道 水口山街道 松柏镇 烟洲镇 荫田镇 柏坊镇 罗桥镇 板桥镇 西岭镇 官岭镇'),
  },
}
