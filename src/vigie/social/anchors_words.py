"""Words that stand for one thing in French, English and Russian, as a bridge between texts of two languages where no model is installed.

Each line is one thing: words of each language, or their beginnings where they end in `*` (four letters and more), in the spelling of normal forms. The list is ours: what
campaigns, newsrooms and town halls are written about. A word is a weak sign, below any name or number.
"""

from __future__ import annotations

from typing import Final

THINGS: Final = """
campaign: campagne* | campaign* | кампани*
candidate: candidat* | candidate* contender* | кандидат*
election: election* electoral* scrutin* | election* electoral* | выбор*
vote: vote* voter* votant* suffrage* | vote* voting ballot* | голос* бюллетен*
poll: sondage* | poll polls polling survey* | опрос*
party: parti partis | party parties | партии партия партию
minister: ministre* ministere* | minister* ministry | министр* министерств*
president: president* elysee | president* | президент*
mayor: maire maires mairie* municipal* | mayor* town hall city council* municipal* | мэр* мэри* муниципал*
deputy: depute* parlementaire* | lawmaker* mp mps legislator* deputies | депутат*
senate: senat senateur* senatrice* | senat* | сенат*
parliament: parlement assemblee | parliament* assembly | парламент*
court: tribunal cour justice | court courts tribunal | суд суда суде судья
judge: juge juges magistrat* | judge* magistrat* | судья судьи
prosecutor: procureur* parquet | prosecutor* | прокурор* прокуратур*
police: police policier* gendarme* | police officers | полиц*
arrest: arrete arretes arretee interpell* | arrest* detain* | арестован* задержан*
prison: prison emprisonn* incarcer* | prison jail* imprison* | тюрьм*
trial: proces | trial | процесс суд
charge: accuse* inculp* mis examen | accus* charged indict* | обвин*
investigation: enquete* investig* | inquiry investig* probe | расследован*
search: perquisition* | raid raided searched | обыск*
corruption: corruption corromp* | corrupt* | коррупц*
bribe: pot vin pots | bribe* kickback* | взятк*
fraud: fraude* fraudul* escroqu* | fraud* scam* | мошенни*
embezzle: detourne* | embezzl* misappropriat* siphon* diverted | растрат* похити*
money: argent fonds | money cash funds | деньг* денег средств*
account: compte comptes | account accounts | счет счета
bank: banque* bancaire* | bank banks banking | банк*
company: entreprise* societe* firme* | company companies firm firms | компани* фирм*
tax: impot* fiscal* taxe* | tax taxes taxation | налог*
budget: budget* | budget* | бюджет*
debt: dette* | debt* | долг*
loan: pret prets emprunt* | loan* | кредит* заем
subsidy: subvention* aide aides | subsid* grant grants | субсиди*
foundation: fondation* | foundation* charity | фонд*
association: association* | association* nonprofit | ассоциаци*
salary: salaire* remunere* paye payee payes | salar* wage* paid | зарплат*
job: emploi* poste postes travail | job jobs employment work | работ*
unemployment: chomage chomeur* | unemploy* jobless | безработ*
pension: retraite* | pension* retire* | пенси*
strike: greve* grevist* debray* | strike* walkout* striking | забастов* бастова*
union: syndicat* syndical* | union unions | профсоюз*
protest: manifest* protest* | protest* demonstrat* rally | протест* митинг* демонстрац*
march: marche defile | march marched | марш*
meeting: meeting* reunion* rassemble* | meeting* rally gathering | встреч* собрани* митинг*
debate: debat* | debate* | дебат*
speech: discours | speech* | речь речи
interview: interview* entretien | interview* | интервью
newspaper: journal journaux quotidien | newspaper* daily | газет*
journalist: journalist* reporter* | journalist* reporter* | журналист*
television: television tele chaine chaines | television tv channel | телевиден* телеканал*
radio: radio* | radio* | радио
video: video* | video* | видео
photo: photo* image images cliche | photo* picture* image images | фото* снимок
letter: lettre courrier | letter* | письмо письма
mail: mail mails courriel* messagerie | email* mail mails mailbox | почт* письма
leak: fuite* divulgu* devoil* | leak* | утеч* слит*
document: document* dossier* note notes | document* file files memo | документ*
secret: secret* cache caches dissimul* clandestin* | secret* hidden conceal* covert | тайн* секрет*
hack: pirat* hack* | hack* breach* | взлом* хакер*
attack: attaque* | attack* | атак* нападен*
site: site internet | website* site | сайт*
server: serveur* | server* | сервер*
password: passe | password* | парол*
wiretap: ecoute* | wiretap* eavesdrop* bugged | прослуш*
spy: espion* | spy spies espionage spying | шпион*
intelligence: renseignement* | intelligence | разведк*
fake: faux fausse* mensong* intox canular | fake hoax lie lies bogus | фейк* ложь лож*
rumour: rumeur* | rumour* rumor* | слух*
deny: dement* nie nient refut* | deny denies denied denial refut* | опроверг* отрица*
confirm: confirm* | confirm* | подтвер*
reveal: revel* decouvr* | reveal* discover* expose* uncover* | раскры* обнаруж*
announce: annonc* | announce* | объяв* заяв*
claim: affirme* pretend* assure* | claim* allege* | утвержд*
promise: promes* promet* | promise* pledge* vow* | обеща*
refuse: refus* | refus* reject* declin* | отказ*
accept: accept* approuv* | accept* approve* agree* | приня* одобр*
support: soutien* soutient* appui* rallie* | support* back backs backed endorse* | поддерж*
oppose: oppose* contre | oppose* against | против*
resign: demission* | resign* quit quits steps | отстав*
dismiss: limog* licenci* renvoy* | sack* fired dismiss* layoff* | увол*
appoint: nomm* nomin* | appoint* named | назнач*
win: gagne* remport* victoire | win wins won victory | побед* выигра*
lose: perd perdu* defait* | lose loses lost defeat* | проигр* пораж*
begin: commenc* debut* demarr* lance* | begin* start* launch* | начал* начин* запус*
end: termin* finit fini acheve* | end ends ended finish* | законч* заверш*
delay: report* retard* repouss* differ* | delay* postpon* | отлож* перенес*
cancel: annul* | cancel* scrap* | отмен*
close: ferme* fermeture* | close* closing closure shut* | закры*
open: ouvr* ouvert* | open* | откры*
stop: arret* stopp* interromp* suspend* | stop* halt* suspend* | останов* приостан*
build: constru* batir | build* built construct* | строи* постро*
destroy: detrui* detruit* demol* | destroy* demolish* | разруш* снес*
sell: vend vendu* vente* vendre | sell sells sold sale | прода*
buy: achet* achat* | buy buys bought purchas* | купи* покуп*
steal: vol vole voles voleur* derob* | steal* stole* theft | украл* краж*
give: donn* vers* don dons | donat* gave given gives | пожертв* перевел*
receive: recoi* recu* touch* empoch* encaiss* percu* | receiv* pocket* got collect* | получ*
cost: cout* | cost* | стоит стоим*
rise: hausse* augment* monte grimpe* bondi* | rise* rose increase* climb* soar* jump* | рост* вырос* повыш*
fall: baiss* chut* recul* diminu* | fall* fell drop* decline* slump* cut cuts | паден* упал* сниж* сократ*
ban: interdi* | ban bans banned prohibit* | запре*
allow: autoris* permet* | allow* authoris* authoriz* permit* | разреш*
law: loi lois | law laws bill | закон*
decree: decret* | decree* order | указ указа
reform: reform* | reform* | реформ*
constitution: constitution* | constitution* | конституц*
referendum: referend* | referend* | референдум*
border: frontier* | border* | границ*
migrant: migrant* immigr* refugi* | migrant* immigra* refugee* asylum | мигрант* беженц*
foreign: etrang* | foreign* overseas abroad | иностран* зарубеж*
army: armee militaire* soldat* | army military soldier* troops | арми* военн* солдат*
weapon: arme armes | weapon* arms guns | оружи*
war: guerre* | war wars | войн*
terror: terror* | terror* | террор*
bomb: bomb* explos* | bomb* explos* blast | бомб* взрыв*
fire: incendi* feu brul* | fire fires blaze burn* | пожар* сгор*
flood: inondat* crue crues | flood* | наводнен*
storm: tempete* orage* | storm* | шторм* бур*
weather: meteo | weather | погод*
accident: accident* | accident* crash* | авари*
train: train trains rail sncf | train trains rail | поезд* железн*
road: route routes autoroute* | road* motorway* highway* | дорог* трасс*
airport: aeroport* | airport* | аэропорт*
port: port ports | port ports harbour harbor | порт порта
bridge: pont ponts | bridge* | мост моста
school: ecole* scolaire* lycee* college | school* | школ*
university: universit* fac | universit* | университет*
teacher: enseignant* professeur* instit* | teacher* | учител*
student: etudiant* eleve eleves | student* pupil* | студент* учени*
child: enfant* mineur* | child* kids minors | дет* ребен*
wife: epouse femme | wife spouse | жена жены
husband: mari | husband | муж мужа
brother: frere freres | brother* | брат брата
sister: soeur soeurs | sister* | сестр*
son: fils | son sons | сын сына
daughter: fille filles | daughter* | дочь дочер*
father: pere | father | отец отца
mother: mere | mother | мать матер*
nephew: neveu* niece* | nephew* niece* | племянни*
cousin: cousin* | cousin* | двоюродн* кузен*
friend: ami amis amie proche* | friend* ally allies associate* | друг друга друзья
adviser: conseiller* conseill* | adviser* advisor* aide aides | советник*
assistant: assistant* collabor* | assistant* staffer* | помощник* ассистент*
doctor: medecin* docteur* praticien* | doctor doctors physician* medic medics | врач* доктор*
hospital: hopital* hospital* clinique* chu | hospital* clinic* | больниц* госпитал* клиник*
health: sante sanitaire* | health* | здоров*
illness: malad* cancer | ill illness* sick* disease* cancer | болезн* болен больн* рак
medicine: medicament* traitement* | drug drugs medicine* treatment | лекарств* лечен*
vaccine: vaccin* | vaccin* | вакцин*
surgery: opere* operation chirurg* | surgery operation surgeon | операци*
death: mort mortes morts deces decede* | death* dead died dies | смерт* умер* погиб*
wound: bless* | wound* injur* hurt | ранен*
victim: victim* | victim* | жертв*
murder: meurtr* assassin* | murder* assassin* killed | убий* убит*
nuclear: nucleair* centrale reacteur* | nuclear reactor* plant | ядерн* атомн* реактор* аэс
gas: gaz | gas | газ газа
oil: petrole* petrolier* | oil petroleum | нефт*
electricity: electri* courant | electri* power outage* | электр*
water: eau eaux | water | вода воды воде
pollution: pollu* | pollut* contamin* | загрязн*
waste: dechet* ordure* | waste rubbish garbage trash | отход* мусор*
farm: agricult* fermier* paysan* eleveur* | farm* | фермер* ферм*
milk: lait laitier* | milk dairy | молок*
factory: usine* | factory factories plant | завод* фабрик*
land: terrain* terres | land plot | земл*
house: maison* villa logement* | house* home villa housing | дом дома жилье
flat: appartement* | flat flats apartment* | квартир*
building: immeuble* batiment* | building* | здани*
property: immobil* propriet* patrimoine | property estate | недвижим* собственн*
rent: loyer* loue | rent rents rented | аренд*
car: voiture* vehicul* auto | car cars vehicle* | машин* автомобил*
football: football foot club match | football soccer club match | футбол* клуб*
stadium: stade* | stadium* | стадион*
church: eglise* | church* | церк*
mosque: mosquee* | mosque* | мечет*
museum: musee* | museum* | музе*
theatre: theatre* | theatre* theater* | театр*
festival: festival* fete | festival* | фестивал*
contract: contrat* marche public | contract* deal | контракт* договор*
tender: appel offres | tender* bid bids | тендер*
agreement: accord accords | agreement* deal accord | соглашен*
treaty: traite traites | treaty treaties | договор*
sanction: sanction* | sanction* | санкци*
embassy: ambassad* | embassy ambassador* | посол* посольств*
russia: russie russe* moscou | russia* moscow kremlin | росси* москв* кремл* русск*
ukraine: ukrain* kiev kyiv | ukrain* kiev kyiv | украин* киев*
france: france francais* | france french | франц*
germany: allemagne allemand* | germany german* | герман* немец*
america: etats unis american* | america* united states us | америк* сша
england: royaume uni britannique* anglais* londres | britain british england london uk | британи* англи* лондон*
europe: europe* bruxelles | europe* eu brussels | европ* ес брюссел*
china: chine chinois* | china chinese | кита*
turkey: turquie turc turque* | turkey turkish | турци* турец*
iran: iran* | iran* | иран*
swiss: suisse* geneve zurich | swiss switzerland geneva zurich | швейцар* женев*
luxembourg: luxembourg* | luxembourg* | люксембург*
panama: panama* offshore | panama* offshore | панам* офшор*
nato: otan | nato | нато
year: annee* ans an | year* | год года лет
month: mois | month* | месяц*
week: semaine* | week* | недел*
day: jour jours journee | day days | день дней дня
night: nuit* | night* overnight | ноч*
tomorrow: demain | tomorrow | завтра
yesterday: hier | yesterday | вчера
sunday: dimanche | sunday | воскресень*
saturday: samedi | saturday | суббот*
monday: lundi | monday | понедельник*
tuesday: mardi | tuesday | вторник*
wednesday: mercredi | wednesday | среду
thursday: jeudi | thursday | четверг*
friday: vendredi | friday | пятниц*
volunteer: benevol* militant* | volunteer* activist* | волонтер* активист*
donor: donateur* | donor* | спонсор* жертвовател*
expert: expert* | expert* | эксперт*
report: rapport* | report reports | доклад* отчет*
list: liste* | list lists | список* списк*
error: erreur* | error* mistake* | ошибк*
danger: danger* menac* | danger* threat* | опасн* угроз*
security: securit* | security safety | безопасн*
camera: camera* | camera* | камер*
phone: telephon* portable | phone* mobile | телефон*
data: donnees fichier* | data database | данн*
plagiarism: plagi* | plagiar* | плагиат*
diploma: diplom* | degree diploma | диплом*
racism: racis* | racis* | расис*
women: femmes feminin* | women female | женщин*
youth: jeunes jeunesse | youth young | молод*
elderly: aines senior* agees | elderly seniors pensioners | пожил* старик*
shop: magasin* commerc* boutique* | shop* store* retailer* | магазин*
restaurant: restaurant* repas | restaurant* meal* dinner | ресторан* обед*
hotel: hotel* | hotel* | отел* гостиниц*
travel: voyage* deplace* | trip travel* flight* | поездк* поехал*
plane: avion* jet | plane* jet aircraft | самолет*
boat: bateau* yacht* navire* | boat* yacht* ship ships | яхт* корабл* суд
park: parc parcs | park parks | парк парка
forest: foret* arbres | forest* trees | лес леса деревь*
animal: animaux animal chien* | animal* dog dogs | животн* собак*
wind: eolien* vent | wind turbine* | ветр*
price: prix tarif* | price* fare fares | цен* тариф*
food: alimentair* nourriture | food | еда продукт* питани*
bread: pain boulang* | bread baker* | хлеб* пекар*
wine: vin vins viticult* | wine* winemaker* | вино вина винодел*
fish: peche pecheur* poisson* | fish* | рыб*
january: janvier | january | январ*
february: fevrier | february | феврал*
april: avril | april | апрел*
may: mai | may | мае мая май
june: juin | june | июн*
july: juillet | july | июл*
august: aout | august | август*
september: septembre | september | сентябр*
october: octobre | october | октябр*
november: novembre | november | ноябр*
december: decembre | december | декабр*
winter: hiver* | winter* | зим*
summer: ete estival* | summer | лет* летом
spring: printemps | spring | весн*
autumn: automne | autumn | осен*
hour: heure heures | hour hours | час часа часов
thesis: these doctorat* | doctorate* thesis phd | диссертац*
pool: piscine* bassin | pool swimming | бассейн*
tractor: tracteur* | tractor* | трактор*
meat: viande* boeuf bovin* | meat beef cattle | мяс* говядин*
slaughter: abattoir* | abattoir* slaughterhouse* | бойн*
asylum: asile | asylum | убежищ*
barracks: caserne* | barracks | казарм*
birth: maternite* naissance* accouch* | maternity birth* | роддом* рожде*
green: ecologi* vert verts verte | green greens environment* ecolog* | эколог* зелен*
turbine: eolienne* | turbine* | ветряк*
abolish: supprim* aboli* | abolish* axe axes axed scrap* eliminat* | упраздн* ликвидир*
restore: retabli* reinstaur* | restor* reinstat* | восстанов*
primary: primaire* | primary primaries | праймериз
round: tour tours | round runoff | тур тура
lead: tete devance* domine* | lead leads leading ahead tops | лидиру* опережа*
guard: garde gardes vigile* | guard guards bodyguard* | охран*
barrier: bloqu* barrage* blocage* | block* barricad* | блокир* перекры*
stage: scene tribune | stage podium | сцен* трибун*
faint: malaise* evanou* | faint* collaps* ill | обморок*
abroad: exil etranger | exile abroad | эмиграц*
region: region* departement* | region* county | регион* област*
village: village* commune* | village* parish | деревн* сел*
city: ville villes metropol* | city cities town towns | город*
government: gouvernement* | government* cabinet | правительств*
state: etat public publics publique | state public | государств*
opposition: opposition* | opposition* | оппозиц*
leader: chef patron dirigeant* leader* | leader* boss head chief | лидер* глава*
spokesman: porte parole | spokesman spokeswoman spokesperson | представител*
lawyer: avocat* | lawyer* attorney* barrister* | адвокат*
witness: temoin* temoign* | witness* testif* testimon* | свидетел*
complaint: plainte* | complaint* lawsuit* sues sued | жалоб* иск
sentence: condamn* peine | sentence* convict* guilty | осужд* приговор*
fine: amende* | fine fines fined penalty | штраф*
tape: enregistre* sonore audio bande | record* tape tapes audio | запис*
message: message* sms | message* text texts | сообщен*
account_online: twitter facebook compte comptes | twitter facebook account accounts | аккаунт*
network: reseau* sociaux | network* social | сеть сети соцсет*
virus: virus epidemi* covid | virus epidemic* covid outbreak | вирус* эпидеми*
mask: masque* | mask masks | маск*
patient: patient* malades | patient* | пациент*
nurse: infirmi* soignant* | nurse* | медсест*
ambulance: urgence* ambulance* samu | emergency emergencies ambulance* | скорой неотложн* приемн*
shortage: penurie* faute manque* | shortage* lack want | нехватк* нехвата*
power: centrale puissance | power | станци*
salary_cut: economi* coupe coupes | saving* save saves austerity | эконом*
deficit: deficit* trou | deficit* shortfall | дефицит*
million_euro: euro euros | euro euros | евро
dollar: dollar* | dollar* | доллар*
insurance: assuranc* mutuelle* | insuranc* | страхов*
customs: douan* | customs | тамож*
smuggle: trafic* contreband* | smuggl* traffick* | контрабанд*
drug: drogue* cocaine cannabis | drug drugs cocaine cannabis | наркот* кокаин*
alcohol: alcool* ivre | alcohol* drunk* | алкогол* пьян*
crash: collision* crash* | collision* crash* | столкнов*
rescue: secour* sauve* | rescue* saved | спас*
missing: dispar* introuvable* | missing disappear* vanish* | пропал* исчез*
photo_fake: truqu* retouch* montage* | doctor doctored edited photoshop* | подделан* смонтир*
translation: tradui* traduct* | translat* | перевод*
book: livre* ouvrage | book books memoir* | книг*
film: film films cinema | film films movie* cinema | фильм* кино
song: chanson* chant* | song songs sing* | песн*
prize: prix medaille* | prize* medal* award* | преми* медал*
holiday: vacance* ferie* conge* | holiday* vacation* leave | отпуск* каникул*
gift: cadeau* | gift gifts | подарок подар*
watch: montre montres bijou* | watch watches jewel* | часы драгоцен*
dress: costume* robe vetement* | suit suits dress clothes | костюм* плать*
luxury: luxe luxueu* | luxury luxurious | роскош*
garden: jardin* | garden* | сад сада
island: ile iles | island* isle | остров*
mountain: montagne* | mountain* | гор* горы
sea: mer littoral cote cotes plage* | sea coast* shore* beach* offshore | море мор* побереж* пляж*
river: fleuve riviere* | river* | река реки реке
mine: mine mines mini* | mine mines mining | шахт*
bus: bus autobus car cars tram* | bus buses tram* | автобус* трамва*
metro: metro | metro subway | метро
bike: velo* cyclable* | bike* cycl* bicycle* | велосипед* вело*
"""
"""One thing a line: French | English | Russian."""

FIGURES: Final = {
    **{word: at for at, words in enumerate((
        "zero", "un une one", "deux two", "trois three", "quatre four", "cinq five", "six", "sept seven", "huit eight", "neuf nine", "dix ten", "onze eleven", "douze twelve dozen", "treize thirteen",
        "quatorze fourteen", "quinze fifteen", "seize sixteen", "seventeen", "eighteen", "nineteen", "vingt vingts twenty",
    )) for word in words.split()},
    "trente": 30, "thirty": 30, "quarante": 40, "forty": 40, "cinquante": 50, "fifty": 50, "soixante": 60, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "cent": 100, "cents": 100,
    "hundred": 100, "mille": 1_000, "thousand": 1_000, "million": 1_000_000, "millions": 1_000_000, "milliard": 1_000_000_000, "milliards": 1_000_000_000, "billion": 1_000_000_000, "billions": 1_000_000_000,
}  # fmt: skip
"""Numbers as words."""

OPPOSITES: Final = (
    "confirm deny", "begin end", "begin delay", "begin stop", "begin cancel", "open close", "win lose", "rise fall", "ban allow", "refuse accept", "support oppose", "build destroy", "appoint resign", "appoint dismiss",
    "sell buy", "give receive", "reveal deny", "announce deny", "claim deny", "refuse support", "open cancel", "announce cancel",
)  # fmt: skip
"""Things of which one text says the one and another the other: perhaps against each other."""

MONTHS: Final = (
    "janvier january janv jan января", "fevrier february fevr feb февраля", "mars march mar марта", "avril april avr apr апреля", "mai may мая", "juin june jun июня", "juillet july juil jul июля",
    "aout august aug августа", "septembre september sept sep сентября", "octobre october oct октября", "novembre november nov ноября", "decembre december dec декабря",
)  # fmt: skip
SCALES: Final = {
    1_000: "k mille thousand thousands тыс тысяч тысячи", 1_000_000: "m mn million millions mio млн миллион миллиона миллионов", 1_000_000_000: "bn md mds mrd milliard milliards billion billions млрд миллиард миллиарда миллиардов",
}  # fmt: skip
"""Words that multiply the number before them."""
DENIALS: Final = "не нет ни фейк фейковый ложь ложный опроверг опровергла опровергли опровергает отрицает отрицал вымысел якобы"
"""Words that deny, in Russian; those of French and English stand in `copies_words`."""
TURNS: Final = tuple(
    "renonc refus annul suspend rejet relax acquitt rembours retire leve levee quitte maintien mainten reprend rouvr abandonn dissou exclu contest "
    "refus reject cancel scrap suspend withdr acquit cleared repa lift quit leave keep resum reopen abandon exclud disput overrul drop".split()
)
"""Beginnings of words of which one text says that something was undone and another does not."""
COMMON: Final = frozenset(
    "alors depuis pendant toute toutes tous encore aussi meme memes comme quand donc cela celui celle ceux chez faire faut etre avoir avait etait veut peut doit sera vers trop bien moins jamais toujours rien "
    "deja parce lors ainsi autre autres chaque quelques plusieurs voici voila very just even also still when what where while during since already always never much many some other others every each must "
    "should could make made take took want wants come comes goes going went back only then here there these those them such".split()
)
"""Words of four letters and more that carry no fact."""
