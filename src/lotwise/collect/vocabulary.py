"""What columns and files are called in shops and factories: English, German, French, Spanish, Chinese."""

COLUMNS: dict[str, dict[str, str]] = {
    "orders": {
        "order": (
            "order id|order|order number|order no|ordernumber|invoice|invoice no|invoice number|basket id|"
            "transaction id|receipt|bill no|sales document|vbeln|document no|name|po number|bestellnummer|bestellung|"
            "auftrag|auftragsnummer|auftragsnr|belegnummer|belegnr|beleg|rechnungsnummer|bon|numero de commande|"
            "commande|no commande|n commande|facture|numero facture|numero de pedido|pedido|factura|订单号|订单编号|"
            "订单id|主订单编号|子订单编号|单号|订单|交易号|小票号"
        ),
        "line": (
            "line|line number|line no|line item number|item number|item no|position|pos|posnr|positionsnummer|ligne|"
            "linea|行号|序号"
        ),
        "time": (
            "time|order date|date|created at|date created|datetime|invoice date|transaction date|"
            "transaction timestamp|timestamp|purchase date|order time|ordered|sold at|paid at|order purchase timestamp|audat|"
            "erdat|bestelldatum|datum|auftragsdatum|rechnungsdatum|belegdatum|kaufdatum|date de commande|"
            "date commande|date facture|fecha|fecha pedido|fecha de pedido|下单时间|订单创建时间|订单时间|付款时间|"
            "支付时间|订单付款时间|交易时间|日期|下单日期|销售日期|创建时间"
        ),
        "customer": (
            "customer|customer id|customer no|customer number|client|client id|user id|buyer|buyer id|account|"
            "member id|email|customer email|billing email|household id|customer key|sold to|sold to party|kunnr|kunde|"
            "kundennummer|kundennr|kunden id|debitor|debitorennr|numero client|code client|cliente|id cliente|"
            "codigo cliente|买家会员名|买家昵称|买家id|会员号|会员id|客户|客户编号|客户id|用户id|顾客编号|用户名|买家"
        ),
        "product": (
            "product|product id|product code|sku|stock code|item|item id|item code|article|article no|lineitem sku|"
            "asin|seller sku|upc|ean|barcode|material|matnr|material number|part number|style|variant sku|artikel|"
            "artikelnummer|artikelnr|artnr|produkt|produktnummer|reference|ref article|code article|ref|articulo|"
            "codigo articulo|producto|codigo producto|referencia|商品编码|商品id|商品编号|货号|商家编码|sku编码|"
            "产品编码|物料编码|商品代码|条码|产品编号|商品sku"
        ),
        "location": (
            "location|store|store id|shop|shop id|branch|outlet|channel|sales channel|plant|werks|warehouse|"
            "location name|vkorg|filiale|filialnr|filialnummer|standort|vertriebskanal|kanal|magasin|code magasin|"
            "boutique|canal|tienda|sucursal|店铺|店铺名称|门店|门店编号|渠道|仓库"
        ),
        "region": (
            "region|country|state|province|ship country|shipping country|shipping province|ship state|ship to country|"
            "market|territory|land|land1|bundesland|vertriebsgebiet|pays|pais|provincia|地区|省份|国家|区域|收货省份|"
            "省|大区"
        ),
        "units": (
            "units|quantity|qty|quantity ordered|qty ordered|quantity purchased|quantity shipped|lineitem quantity|"
            "order quantity|pieces|count|number of items|kwmeng|menge|anzahl|stueck|stuckzahl|stk|bestellmenge|"
            "quantite|qte|quantite commandee|cantidad|cant|unidades|数量|购买数量|商品数量|销售数量|件数|订购数量|"
            "宝贝数量|销量"
        ),
        "unit_price": (
            "unit price|price|item price|lineitem price|price each|sales price|net price|priceeach|selling price|"
            "netpr|preis|einzelpreis|verkaufspreis|stueckpreis|vk preis|prix|prix unitaire|pu ht|prix unitaire ht|"
            "precio|precio unitario|单价|商品单价|销售单价|价格|成交单价|商品价格"
        ),
        "revenue": (
            "revenue|amount|line total|total|sales value|sales|net amount|net value|netwr|item total|subtotal|"
            "line amount|extended price|turnover|order total|umsatz|betrag|gesamtpreis|nettobetrag|gesamt|summe|"
            "positionswert|montant|total ht|montant ht|chiffre affaires|importe|total linea|金额|实付金额|销售额|"
            "买家实付金额|总金额|买家实际支付金额|商品金额|订单金额|应付金额"
        ),
        "discount": (
            "discount|discount amount|lineitem discount|retail disc|promotion discount|item promotion discount|rabatt|"
            "nachlass|rabattbetrag|remise|montant remise|descuento|优惠金额|折扣|折扣金额|优惠|商家优惠"
        ),
        "due": (
            "due|due date|promised date|required date|delivery date|requested delivery date|ship by|latest ship date|"
            "vdatu|edatu|lieferdatum|liefertermin|wunschtermin|date de livraison|date livraison|fecha entrega|"
            "fecha de entrega|交货日期|预计发货时间|承诺发货时间|要求交期"
        ),
    },
    "products": {
        "product": "",
        "name": (
            "name|product name|title|description|item name|product title|lineitem name|item description|maktx|"
            "material description|bezeichnung|artikelbezeichnung|artikelname|produktname|beschreibung|designation|"
            "libelle|nom produit|nom|descripcion|nombre|商品名称|产品名称|商品标题|宝贝标题|标题|品名|物料描述|名称"
        ),
        "category": (
            "category|product category|product type|type|item category|product group|material group|matkl|class|"
            "family|collection|warengruppe|kategorie|artikelgruppe|produktgruppe|categorie|famille|rayon|categoria|"
            "familia|类目|商品类目|分类|品类|商品分类|产品类别|物料组|类别"
        ),
        "department": (
            "department|division|main category|product line|spart|abteilung|sparte|departement|departamento|部门|一级类目|大类"
        ),
        "type": (
            "subcategory|sub category|product subcategory|subtype|untergruppe|sous famille|sous categorie|subfamilia|"
            "二级类目|小类|子类"
        ),
        "package": (
            "package|package size|size|pack size|packaging|verpackung|gebinde|packungsgroesse|conditionnement|envase|"
            "规格|包装|包装规格"
        ),
        "brand": "brand|brand name|manufacturer|vendor|marke|hersteller|marque|fabricant|marca|fabricante|品牌|生产商",
        "unit_price": (
            "unit price|price|list price|retail price|variant price|regular price|sales price|standard price|rrp|msrp|"
            "preis|verkaufspreis|listenpreis|vk preis|vk|prix|prix de vente|prix vente ht|precio|precio venta|pvp|"
            "单价|售价|价格|零售价|标价"
        ),
        "unit_cost": (
            "unit cost|cost|cost price|standard cost|cost per item|stprs|purchase price|kosten|einkaufspreis|"
            "herstellkosten|ek preis|ek|stueckkosten|cout|cout unitaire|prix achat|prix de revient|coste|costo|"
            "precio coste|成本|成本价|单位成本|采购价|标准成本"
        ),
        "salvage": "salvage|salvage value|clearance price|restwert|valeur residuelle|残值",
        "shelf_weeks": "shelf weeks|shelf life weeks",
        "make": "make|make to|strategy|production strategy|fertigungsart|mode de production|生产方式|生产策略",
        "unserved": "unserved|unmet demand|lost or backorder|nicht bedient|fehlmenge|缺货处理",
        "late_cost": "late cost|lateness cost|backorder cost|delay cost|verzugskosten|cout de retard|coste de retraso|延期成本",
        "service": "service|service level|target service|fill rate|servicegrad|taux de service|nivel de servicio|服务水平",
        "launched": (
            "launched|launch date|created at|introduction date|available from|available since|einfuehrung|"
            "einfuehrungsdatum|angelegt am|date lancement|fecha alta|上市日期|上架时间"
        ),
        "retired": (
            "retired|end date|discontinued|discontinued date|available until|auslaufdatum|date fin|fecha baja|下架时间|停产日期"
        ),
    },
    "customers": {
        "customer": "",
        "region": "",
        "joined": (
            "joined|created at|signup date|registration date|registered|member since|customer since|kunde seit|"
            "anlagedatum|registriert am|date inscription|date creation|fecha alta|注册时间|注册日期|入会日期"
        ),
        "age": "age|age band|age group|alter|altersgruppe|tranche age|edad|年龄|年龄段",
        "income": "income|income band|einkommen|revenu|ingresos|收入",
        "household": "household|household size|household comp|haushalt|haushaltsgroesse|foyer|hogar|家庭",
        "children": "children|kids|kids count|number of children|kinder|enfants|hijos|子女|孩子数",
        "consent": (
            "consent|accepts marketing|accepts email marketing|opt in|newsletter|marketing consent|email optin|"
            "werbeeinwilligung|einwilligung|consentement|optin|consentimiento|是否同意营销|营销许可"
        ),
    },
    "promotions": {
        "product": "",
        "location": "",
        "week": "week|week start|start of week|promo week|kalenderwoche|woche|semaine|semana|周|星期|周一",
        "display": "display|on display|display location|zweitplatzierung|tete de gondole|陈列|堆头",
        "mailer": "mailer|flyer|feature|mailer location|leaflet|prospekt|handzettel|prospectus|folleto|海报|促销单",
        "front": "front|front page|end cap|titelseite",
        "discount": "discount|discount share|promo discount|markdown|rabatt|remise|descuento|折扣|折扣率",
    },
    "stock": {
        "item": "",
        "site": "",
        "region": "",
        "day": (
            "day|date|stock date|snapshot date|inventory date|as of|datum|stichtag|bestandsdatum|date stock|"
            "date inventaire|fecha|fecha inventario|日期|盘点日期|库存日期"
        ),
        "units": (
            "units|quantity|stock|on hand|quantity on hand|available|inventory|qty on hand|labst|bestand|lagerbestand|"
            "menge|stock disponible|quantite en stock|existencias|库存|库存数量|现有量|可用库存"
        ),
    },
    "bom": {
        "item": (
            "parent|parent item|parent product|assembly|product|item|finished good|matnr|baugruppe|oberteil|erzeugnis|"
            "compose|article parent|producto|父项|母件编码|成品编码|父件"
        ),
        "component": (
            "component|child|child item|raw material|material|part|idnrk|komponente|bauteil|unterteil|composant|"
            "componente|子项|子件编码|组件|原料编码|物料编码|子件"
        ),
        "quantity": (
            "quantity|qty|quantity per|usage|amount|menge|anzahl|bedarfsmenge|quantite|qte|cantidad|数量|用量|单位用量"
        ),
        "option": "option|condition option",
        "value": "value|option value",
        "version": "version|revision|bom version|stlal|stuecklistenversion|indice|revision nomenclature|版本|版次",
        "unit": "",
        "scrap": "scrap|scrap share|scrap rate|loss|waste|ausb|ausschuss|verschnitt|perte|taux de perte|merma|损耗率|损耗",
        "alternate": (
            "alternate|alternative|alternate group|alternative group|substitute group|alpgr|alternativgruppe|ersatzgruppe|"
            "groupe alternatif|grupo alternativo|替代组|替代"
        ),
        "starts": (
            "starts|start date|valid from|effective from|effective start|datuv|gueltig ab|date debut|valable du|"
            "valido desde|生效日期|开始日期"
        ),
        "ends": (
            "ends|end date|valid to|valid until|effective to|effective end|datub|gueltig bis|date fin|valable au|"
            "valido hasta|失效日期|结束日期"
        ),
    },
    "routing": {
        "item": "",
        "step": (
            "step|operation|operation no|sequence|op|vornr|vorgang|arbeitsgang|ag nr|etape|operation numero|operacion|"
            "工序号|工序|步骤"
        ),
        "machine": (
            "machine|work center|workcenter|resource|station|line|arbpl|maschine|arbeitsplatz|machine id|"
            "poste de charge|poste|maquina|centro de trabajo|设备|机器|工作中心|产线"
        ),
        "hours": (
            "hours|run hours|time per unit|hours per unit|cycle time hours|run time|stunden|stueckzeit|"
            "bearbeitungszeit|heures|temps unitaire|horas|工时|单件工时|加工时间"
        ),
        "setup_hours": (
            "setup hours|setup|setup time|changeover hours|ruestzeit|rueststunden|temps de reglage|preparacion|"
            "准备时间|换线时间|准备工时"
        ),
        "setup_cost": "setup cost|changeover cost|ruestkosten|cout de reglage|coste de preparacion|准备成本|换线成本",
        "unit_cost": "extra unit cost|extra cost per unit|mehrkosten je stueck|surcout unitaire|coste adicional|额外单位成本",
        "setup_state": "setup state|setup|tool setting|ruestzustand|etat de reglage|estado de preparacion|换型状态",
        "wait_hours": "wait hours|drying hours|transport hours|uebergangszeit|liegezeit|temps attente|espera|等待工时|干燥时间",
        "batch": "batch family|oven|ofen|chargengruppe|four|horno|批次组|炉次",
        "batch_room": "batch room|trays|belegung|platz in der charge|装炉量",
        "batch_hours": "batch hours|oven hours|chargenzeit|temps de four|批次工时",
    },
    "items": {
        "item": "",
        "site": (
            "site|plant|warehouse|location|storage location|factory|depot|werks|lgort|werk|lager|lagerort|standort|usine|"
            "entrepot|emplacement|almacen|planta|fabrica|仓库|工厂|库位|地点|站点"
        ),
        "unit": "",
        "family": (
            "family|setup family|setup group|product family|ruestfamilie|ruestgruppe|produktfamilie|famille|"
            "famille de reglage|familia|产品族|换线组|系列"
        ),
        "lead_weeks": (
            "lead weeks|lead time weeks|production lead weeks|durchlaufzeit wochen|delai semaines|生产周期周|交期周"
        ),
        "yield": "yield|yield share|yield rate|ausbeute|gutanteil|rendement|rendimiento|良率|成品率|合格率",
        "lot_minimum": (
            "lot minimum|minimum lot|minimum lot size|min lot size|minimum batch|bstmi|mindestlosgroesse|mindestlos|"
            "lot minimum|taille de lot minimum|lote minimo|最小批量"
        ),
        "lot_multiple": (
            "lot multiple|multiple|rounding value|batch multiple|lot size multiple|bstrf|losvielfaches|rundungswert|"
            "multiple de lot|multiplo de lote|批量倍数"
        ),
        "lot_maximum": (
            "lot maximum|maximum lot|maximum lot size|max lot size|maximum batch|bstma|hoechstlosgroesse|taille de lot maximum|"
            "lote maximo|最大批量"
        ),
        "unit_cost": "",
        "holding_cost": "",
        "safety_stock": (
            "safety stock|minimum stock|reserve stock|eisbe|sicherheitsbestand|mindestbestand|stock de securite|"
            "stock de seguridad|stock minimo|安全库存|最低库存"
        ),
        "space": "space|volume per unit|room per unit|platzbedarf|lagerplatz|encombrement|espacio|占用空间|单位体积",
    },
    "coproducts": {
        "item": "",
        "coproduct": (
            "coproduct|co product|by product|byproduct|joint product|kuppelprodukt|nebenprodukt|coproduit|co produit|"
            "sous produit|coproducto|subproducto|联产品|副产品"
        ),
        "quantity": "quantity|qty|quantity per|amount|menge|anzahl|quantite|qte|cantidad|数量|单位产出",
    },
    "families": {"family": "", "machine": "", "setup_hours": "", "setup_cost": ""},
    "machine_weeks": {
        "machine": "",
        "week": "week|week start|calendar week|kalenderwoche|woche|semaine|semana|周|周一|日期",
        "hours": (
            "hours|available hours|capacity hours|capacity|kapazitaet|stunden|verfuegbare stunden|heures|capacite|horas|"
            "capacidad|可用工时|工时|产能"
        ),
        "overtime_hours": "overtime hours|max overtime|overtime|ueberstunden|heures supplementaires|horas extra|加班工时",
    },
    "sites": {
        "site": "",
        "name": "name|site name|plant name|description|bezeichnung|werksname|designation|nom|nombre|名称|工厂名称|仓库名称",
        "room": "room|capacity|storage capacity|space|lagerkapazitaet|kapazitaet|capacite de stockage|capacidad|库容|仓储容量",
    },
    "lanes": {
        "item": "",
        "origin": (
            "origin|from|from site|source|ship from|supplying plant|von|quelle|abgangswerk|origine|depart|site origine|origen|"
            "desde|起点|发货地|调出仓库"
        ),
        "target": (
            "target|to|to site|destination|ship to|receiving plant|nach|ziel|empfangswerk|arrivee|site destination|destino|"
            "hasta|终点|收货地|调入仓库"
        ),
        "lead_weeks": "lead weeks|transit weeks|transport weeks|transportzeit wochen|transit semaines|运输周数",
        "unit_cost": (
            "unit cost|freight|freight cost|transport cost|shipping cost|frachtkosten|transportkosten|cout de transport|"
            "coste de transporte|运费|运输成本"
        ),
        "minimum": "minimum|minimum shipment|mindestmenge|quantite minimum|minimo|最小发货量",
        "multiple": "multiple|shipment multiple|rundungswert|multiplo|发货倍数",
        "weekly_limit": "",
    },
    "machines": {
        "machine": "",
        "name": "name|machine name|description|bezeichnung|maschinenname|designation|nom|nombre|设备名称|机器名称|名称",
        "hours": (
            "hours|weekly hours|capacity hours|capacity|hours per week|kapazitaet|wochenstunden|stunden pro woche|"
            "capacite|heures par semaine|capacidad|每周工时|产能工时|产能"
        ),
        "overtime_hours": (
            "overtime hours|max overtime|overtime|ueberstunden|heures supplementaires|horas extra|加班工时|最大加班"
        ),
        "overtime_cost": "overtime cost|overtime rate|ueberstundenkosten|cout heure supplementaire|加班费",
        "count": "count|number of machines|anzahl maschinen|anzahl|nombre de machines|numero de maquinas|台数|机器数量",
        "site": "",
        "extra_shifts": "extra shifts|added shifts|zusatzschichten|sonderschichten|equipes supplementaires|加班班次",
        "shift_hours": "shift hours|hours per shift|schichtstunden|heures par equipe|horas por turno|班次工时",
        "shift_cost": "shift cost|cost per shift|schichtkosten|cout par equipe|coste por turno|班次成本",
        "room": "room|batch capacity|oven capacity|chargenkapazitaet|ofenkapazitaet|capacite du four|装炉容量",
    },
    "materials": {
        "material": (
            "material|material id|material code|component|raw material|part|rohstoff|materialnummer|matiere|"
            "code matiere|materia prima|物料编码|原料编码|材料编码"
        ),
        "name": "name|material name|description|bezeichnung|materialbezeichnung|designation|nombre|物料名称|原料名称|名称",
        "unit": "unit|uom|unit of measure|einheit|mengeneinheit|unite|unidad|单位|计量单位",
        "unit_cost": (
            "unit cost|cost|price|unit price|purchase price|kosten|preis|einkaufspreis|cout|prix|prix achat|coste|"
            "precio|单价|采购价|成本"
        ),
        "lead_weeks": "lead weeks|lead time weeks|lieferzeit wochen|delai semaines|采购周期周|交期周",
        "weekly_limit": "weekly limit|max weekly|weekly supply|supply limit|每周上限",
        "minimum_order": (
            "minimum order|moq|min order qty|minimum order quantity|mindestbestellmenge|quantite minimum|"
            "pedido minimo|最小起订量|起订量"
        ),
        "holding_cost": "holding cost|storage cost|lagerkosten|cout stockage|库存成本",
        "space": "",
    },
    "suppliers": {
        "material": "",
        "supplier": (
            "supplier|supplier id|supplier name|vendor|vendor id|vendor name|lifnr|lieferant|lieferantennummer|kreditor|"
            "fournisseur|code fournisseur|proveedor|供应商|供应商名称|供应商编号"
        ),
        "from_units": (
            "from units|from quantity|price break|break quantity|scale quantity|kstbm|ab menge|staffelmenge|"
            "a partir de quantite|desde cantidad|阶梯数量|起始数量"
        ),
        "unit_price": (
            "unit price|price|cost|unit cost|purchase price|netpr|preis|einkaufspreis|ek preis|prix|prix unitaire|prix achat|"
            "precio|precio unitario|单价|采购价|价格"
        ),
        "lead_weeks": "",
        "lead_spread": (
            "lead spread|lead time spread|lead time deviation|lead time std|lieferzeit streuung|ecart delai|"
            "desviacion plazo|交期波动"
        ),
        "minimum_order": "",
        "order_multiple": "order multiple|multiple|pack size|rounding value|bestellvielfaches|rundungswert|multiplo|采购倍数",
        "weekly_limit": "",
        "order_cost": "order cost|cost per order|ordering cost|bestellkosten|cout de commande|coste de pedido|订货成本",
        "starts": "start date|valid from|effective from|datab|gueltig ab|date debut|valido desde|生效日期|开始日期",
        "ends": "end date|valid to|valid until|effective to|datbi|gueltig bis|date fin|valido hasta|失效日期|结束日期",
    },
    "receipts": {
        "receipt": (
            "receipt|purchase order|purchase order no|po number|po no|order no|order number|order|document no|ebeln|"
            "bestellung|bestellnummer|fertigungsauftrag|commande|commande achat|numero de commande|orden de compra|"
            "采购单号|采购订单号|工单号|单号"
        ),
        "item": (
            "item|material|product|component|part|item code|sku|article|matnr|artikel|artikelnummer|materialnummer|"
            "teilenummer|produit|articulo|物料编码|商品编码|产品编码|物料"
        ),
        "site": "",
        "kind": "kind|type|order type|receipt type|bsart|art|auftragsart|typ|type de commande|tipo|类型|订单类型",
        "day": (
            "day|expected|expected date|arrival|arrival date|delivery date|due date|receipt date|promised date|eindt|"
            "liefertermin|lieferdatum|termin|date de livraison|date prevue|date de reception|fecha de entrega|"
            "fecha prevista|到货日期|预计到货|交货日期"
        ),
        "units": (
            "units|quantity|open quantity|qty|quantity open|remaining quantity|menge|offene menge|bestellmenge|quantite|"
            "quantite restante|cantidad|cantidad pendiente|数量|未交数量|采购数量"
        ),
        "begun": "begun|started|under way|released|in progress|begonnen|freigegeben|en cours|en curso|已开工|已下达",
    },
    "calendar": {
        "day": "day|date|holiday date|datum|feiertag datum|jour|fecha|日期",
        "region": "",
        "name": "name|holiday|holiday name|event|feiertag|jour ferie|festivo|节日|节假日|名称",
        "working": "working|working day|is working day|arbeitstag|jour ouvre|laborable|是否工作日",
    },
    "weather": {
        "day": "day|date|datum|jour|fecha|日期",
        "region": "",
        "temperature": "temperature|temp|tavg|mean temperature|avg temp|temperatur|temperatura|气温|平均气温|温度",
        "rain": "rain|rainfall|precipitation|prcp|niederschlag|regen|pluie|precipitaciones|lluvia|降水|降雨量|降水量",
    },
    "events": {
        "event": "event|event id|log id|事件id",
        "time": "time|timestamp|event time|created at|date|datetime|zeitpunkt|zeit|horodatage|fecha|时间|事件时间|行为时间",
        "customer": "",
        "product": "",
        "kind": (
            "kind|event type|type|action|event name|behavior|behavior type|ereignis|aktion|evenement|evento|行为类型|"
            "事件类型|行为"
        ),
        "value": "value|rating|score|stars|bewertung|note|puntuacion|评分",
        "text": "text|review|review text|comment|search term|query|kommentar|commentaire|comentario|评论|评价内容|内容",
    },
    "work": {
        "lot": (
            "lot|lot number|batch|batch number|production order|work order|aufnr|charge|charg|los|losnummer|"
            "fertigungsauftrag|ordre de fabrication|lote|orden de fabricacion|批号|工单号|生产批号|工单"
        ),
        "item": "",
        "week": "week|production week|week start|date|woche|produktionswoche|semaine|semana|生产周|周",
        "machine": "",
        "planned": (
            "planned|planned quantity|quantity planned|target quantity|gamng|planmenge|sollmenge|quantite prevue|"
            "cantidad planificada|计划数量|计划产量"
        ),
        "made": (
            "made|produced|good quantity|actual quantity|quantity produced|gutmenge|istmenge|quantite produite|"
            "cantidad producida|完工数量|实际产量|合格数量"
        ),
        "scrapped": "scrapped|scrap|scrap quantity|rejects|ausschuss|rebut|rebuts|desecho|报废数量|不良数量|报废",
        "down_hours": (
            "down hours|downtime|downtime hours|stillstand|stillstandszeit|arret|temps arret|parada|停机时间|停机工时"
        ),
        "finished": "finished|finish date|completion date|fertig am|fertigstellung|date fin|fecha fin|完工日期|完成时间",
    },
    "shifts": {
        "machine": "machine|work center|resource|team|skill|maschine|arbeitsplatz|poste|maquina|设备|班组",
        "weekday": "weekday|day of week|day|wochentag|jour|jour de la semaine|dia|星期|周几",
        "starts": "starts|start|start time|shift start|from|opens|beginn|schichtbeginn|von|debut|inicio|开始时间|上班时间",
        "ends": "ends|end|end time|shift end|to|closes|ende|schichtende|bis|fin|hasta|结束时间|下班时间",
        "overtime": "overtime|is overtime|ueberstunden|heures supplementaires|horas extra|加班",
    },
    "downtime": {
        "machine": "machine|work center|resource|maschine|arbeitsplatz|equipment|anlage|machine arretee|maquina|设备|机器",
        "starts": "starts|start|down from|from|begin|stop|beginn|stillstand ab|von|debut|arret|inicio|停机开始|开始时间",
        "ends": "ends|end|down until|until|to|up again|ende|stillstand bis|bis|fin|reprise|hasta|停机结束|结束时间",
        "kind": "kind|type|art|stillstandsart|tipo|停机类型|类型",
        "reason": "reason|cause|comment|grund|ursache|motif|motivo|停机原因|原因",
    },
    "setups": {
        "machine": "",
        "from_state": "from state|from|from setup|before|von|vorher|de|avant|desde|换型前|从",
        "to_state": "to state|to|to setup|after|nach|nachher|vers|apres|hasta|换型后|到",
        "hours": "hours|setup hours|changeover hours|changeover|ruestzeit|ruestdauer|temps de reglage|horas|换型工时|换线工时",
        "cost": "cost|setup cost|changeover cost|ruestkosten|cout de reglage|coste|换型成本",
    },
    "tools": {
        "tool": "tool|fixture|mold|skill|werkzeug|vorrichtung|qualifikation|outil|moule|herramienta|模具|工装|技能",
        "kind": "kind|type|art|tipo|类型",
        "count": "count|quantity|number|pieces|people|anzahl|nombre|numero|cantidad|数量|人数",
    },
    "tool_needs": {
        "item": "",
        "step": "",
        "tool": "tool|fixture|mold|skill|werkzeug|vorrichtung|qualifikation|outil|moule|herramienta|模具|工装|技能",
        "count": "count|quantity|number|needed|anzahl|nombre|cantidad|数量",
    },
    "floor": {
        "lot": "lot|lot number|work order|job|production order|los|fertigungsauftrag|ordre de fabrication|lote|工单|批号",
        "part": "part|part of lot|sublot|teillos|sous lot|sublote|分批",
        "step": "",
        "machine": "",
        "started": "started|actual start|start time|begonnen|iststart|debut reel|inicio real|实际开始|开工时间",
        "finished": "finished|actual end|end time|fertig|istende|fin reelle|fin real|实际结束|完工时间",
        "expected": "expected|expected end|estimated end|voraussichtlich|fin prevue|fin previsto|预计完工",
        "scrapped": "scrapped|scrap|rejects|ausschuss|rebut|desecho|报废数量",
    },
    "places": {
        "place": "place|location|stop|address id|shop|ort|standort|haltestelle|lieu|arret|lugar|parada|地点|门店|站点",
        "latitude": "latitude|lat|breite|breitengrad|latitud|纬度",
        "longitude": "longitude|lon|lng|long|laenge|laengengrad|longitud|经度",
        "opens": "opens|open from|window start|ready time|oeffnet|ouvre|abre|最早时间|开门时间",
        "closes": "closes|open until|window end|due time|schliesst|ferme|cierra|最晚时间|关门时间",
        "service_minutes": "service minutes|service time|stop time|standzeit|temps de service|tiempo de servicio|停留分钟",
    },
    "vehicles": {
        "vehicle": "vehicle|truck|van|vehicle type|fahrzeug|lkw|vehicule|camion|vehiculo|车辆|车型",
        "depot": "depot|base|start place|standort|depot name|entrepot|deposito|车场|出发地",
        "count": "count|number|fleet size|anzahl|nombre|numero|cantidad|数量",
        "capacity": "capacity|load|payload|ladung|kapazitaet|capacite|capacidad|载量|容量",
        "starts": "starts|start time|earliest start|von|debut|inicio|最早出发",
        "ends": "ends|end time|latest return|bis|fin|最晚返回",
        "fixed_cost": "fixed cost|cost per tour|fixkosten|cout fixe|coste fijo|固定成本",
        "kilometer_cost": "kilometer cost|cost per km|km cost|kilometerkosten|cout kilometrique|coste por km|每公里成本",
        "hour_cost": "hour cost|cost per hour|driver cost|stundenkosten|cout horaire|coste por hora|每小时成本",
        "speed": "speed|km h|average speed|geschwindigkeit|vitesse|velocidad|速度",
    },
    "competitors": {
        "product": "",
        "competitor": "competitor|competitor name|rival|wettbewerber|konkurrent|concurrent|competidor|竞争对手|竞品店铺|竞品",
        "week": "week|date|observed|woche|datum|semaine|fecha|周|日期",
        "price": "price|competitor price|their price|preis|wettbewerbspreis|prix|prix concurrent|precio|价格|竞品价格",
    },
    "signals": {
        "signal": "signal|signal name|indicator|index|series|indikator|indicateur|indicador|指标|信号",
        "product": "",
        "region": "",
        "week": "week|date|month|woche|datum|semaine|semana|fecha|周|日期",
        "value": "value|level|wert|valeur|valor|数值|值",
    },
    "overrides": {
        "product": "",
        "region": "",
        "week": "week|forecast week|target week|woche|semaine|semana|周",
        "owner": "owner|planner|changed by|user|planer|disponent|planificateur|planificador|计划员|负责人",
        "reason": "reason|comment|grund|begruendung|motif|raison|motivo|原因|理由",
        "made": "made|entered|changed on|created|erfasst am|saisi le|creado|录入日期|修改日期",
        "expiry": "expiry|expires|valid until|gueltig bis|expiration|caducidad|到期日",
        "kind": "kind|type|override type|art|typ|tipo|类型",
        "value": (
            "value|new forecast|adjusted quantity|override|forecast|demand|units|quantity|qty|wert|menge|bedarf|valeur|"
            "quantite|demande|valor|cantidad|demanda|调整值|数值|预测|需求|数量"
        ),
    },
    "campaigns": {
        "campaign": "campaign|campaign id|promotion id|kampagne|aktion|campagne|campana|活动编号|活动id",
        "product": "",
        "start": "start|start date|valid from|beginn|startdatum|gueltig ab|debut|date debut|inicio|开始日期|开始时间",
        "end": "end|end date|valid to|ende|enddatum|gueltig bis|fin|date fin|结束日期|结束时间",
        "kind": "kind|type|campaign type|art|typ|tipo|活动类型",
    },
}
"""Table -> our column -> what others call it, best known first; empty: as in the tables that ``words.HOMES`` names."""

FILES = {
    "orders": (
        "orders|order|sales|transactions|invoices|lineitems|order items|retail|bestellungen|auftraege|verkaeufe|"
        "umsaetze|commandes|ventes|pedidos|ventas|订单|销售|交易"
    ),
    "products": (
        "products|product|items|articles|catalog|catalogue|sku|artikel|artikelstamm|produkte|produits|articulos|"
        "productos|商品|产品"
    ),
    "customers": "customers|customer|clients|users|members|kunden|kundenstamm|clientes|客户|会员|用户",
    "promotions": "promotions|promotion|promo|aktionen|promociones|促销",
    "stock": "stock|inventory|bestand|lager|lagerbestand|inventaire|existencias|库存",
    "bom": (
        "bom|bill of materials|recipes|recipe|stueckliste|stuecklisten|rezepte|nomenclature|lista de materiales|物料清单|配方"
    ),
    "routing": "routing|routings|operations|arbeitsplan|arbeitsplaene|gamme|gammes|ruta|工艺路线|工序",
    "machines": "machines|resources|work centers|maschinen|arbeitsplaetze|maquinas|设备|机器",
    "materials": "materials|raw materials|components|rohstoffe|matieres|materias primas|原料|物料",
    "items": "item sites|item settings|planning parameters|items|planungsparameter|parametres articles|物料参数",
    "coproducts": "coproducts|co products|by products|byproducts|kuppelprodukte|nebenprodukte|coproduits|联产品|副产品",
    "families": "families|setup families|setup groups|ruestfamilien|ruestgruppen|familles|familias|产品族|换线组",
    "machine_weeks": (
        "machine weeks|machine calendar|capacity by week|shift calendar|maschinenkalender|schichtkalender|kapazitaetskalender|"
        "calendrier machines|calendario maquinas|设备日历|产能日历"
    ),
    "sites": "sites|site|plants|warehouses|locations|werke|standorte|lagerorte|usines|entrepots|plantas|almacenes|工厂|仓库",
    "lanes": "lanes|transfers|transport lanes|distribution|umlagerungen|transferts|traslados|运输路线|调拨",
    "suppliers": (
        "suppliers|supplier|vendors|supplier prices|purchase info records|lieferanten|lieferantenpreise|einkaufsinfosaetze|"
        "fournisseurs|proveedores|供应商|供应商价格"
    ),
    "receipts": (
        "receipts|open purchase orders|purchase orders|open orders|expected deliveries|scheduled receipts|offene bestellungen|"
        "wareneingaenge|receptions|commandes achat|commandes fournisseurs|ordenes de compra|采购订单|在途|预计到货"
    ),
    "calendar": "calendar|holidays|feiertage|kalender|jours feries|calendario|日历|节假日",
    "weather": "weather|wetter|meteo|clima|天气",
    "events": "events|clicks|views|behavior|reviews|ereignisse|evenements|eventos|行为|日志|评价",
    "work": "work|production|lots|work orders|produktion|fertigung|production orders|produccion|生产|工单",
    "shifts": "shifts|shift|shift times|opening hours|shift pattern|schichten|schichtplan|equipes|turnos|班次|排班",
    "downtime": "downtime|maintenance|maintenance plan|breakdowns|stillstaende|wartung|arrets|paradas|停机|维修计划",
    "setups": "setups|setup matrix|changeovers|changeover matrix|ruestmatrix|matrice de reglage|换型矩阵|换线矩阵",
    "tools": "tools|molds|fixtures|skills|werkzeuge|vorrichtungen|qualifikationen|outils|herramientas|模具|工装|技能",
    "tool_needs": "tool needs|tool requirements|skill requirements|werkzeugbedarf|besoins en outils|工装需求|技能需求",
    "floor": "floor|shop floor|confirmations|feedback|rueckmeldungen|betriebsdaten|pointages|avances|报工|现场",
    "places": "places|stops|delivery places|addresses|orte|lieferorte|lieux|lugares|地点|送货点",
    "vehicles": "vehicles|fleet|trucks|fahrzeuge|fuhrpark|vehicules|flotte|vehiculos|车辆|车队",
    "competitors": "competitors|competitor prices|wettbewerb|concurrence|竞品",
    "signals": "signals|indicators|market index|indikatoren|indicateurs|indicadores|指标",
    "overrides": (
        "overrides|adjustments|planner changes|forecast adjustments|demand|forecast|demand plan|planerkorrekturen|absatzplan|"
        "bedarf|ajustements|demande|ajustes|demanda|人工调整|需求|需求计划"
    ),
    "campaigns": "campaigns|coupons|kampagnen|campagnes|活动",
}
"""Table -> what files that hold it are called."""
