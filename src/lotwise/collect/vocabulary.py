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
            "transaction timestamp|timestamp|purchase date|order time|sold at|paid at|order purchase timestamp|audat|"
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
        "value": "value|new forecast|adjusted quantity|override|wert|valeur|valor|调整值|数值",
    },
    "campaigns": {
        "campaign": "campaign|campaign id|promotion id|kampagne|aktion|campagne|campana|活动编号|活动id",
        "product": "",
        "start": "start|start date|valid from|beginn|startdatum|gueltig ab|debut|date debut|inicio|开始日期|开始时间",
        "end": "end|end date|valid to|ende|enddatum|gueltig bis|fin|date fin|结束日期|结束时间",
        "kind": "kind|type|campaign type|art|typ|tipo|活动类型",
    },
}
"""Table -> our column -> what others call it, best known first; empty: as in ``orders``."""

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
    "calendar": "calendar|holidays|feiertage|kalender|jours feries|calendario|日历|节假日",
    "weather": "weather|wetter|meteo|clima|天气",
    "events": "events|clicks|views|behavior|reviews|ereignisse|evenements|eventos|行为|日志|评价",
    "work": "work|production|lots|work orders|produktion|fertigung|production orders|produccion|生产|工单",
    "competitors": "competitors|competitor prices|wettbewerb|concurrence|竞品",
    "signals": "signals|indicators|market index|indikatoren|indicateurs|indicadores|指标",
    "overrides": "overrides|adjustments|planner changes|forecast adjustments|planerkorrekturen|ajustements|ajustes|人工调整",
    "campaigns": "campaigns|coupons|kampagnen|campagnes|活动",
}
"""Table -> what files that hold it are called."""
