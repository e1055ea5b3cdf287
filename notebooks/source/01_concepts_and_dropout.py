# %% [markdown] name="two-tasks" lang="en"
# ## A model per task, or knowledge handed on
#
# Suppose we teach a network to name many things (task A). Now we need another one that tells cups from umbrellas
# (task B), and we have only a few pictures.
#
# The classical way starts again from nothing. **Transfer learning** lets the second model start from what the first
# has learned. Look for the one arrow that makes the difference.

# %% [markdown] name="two-tasks" lang="tr" en="ee7a0624"
# ## Her göreve ayrı model mi, devredilen bilgi mi?
#
# Bir ağa pek çok şeyi adlandırmayı öğrettiğimizi düşünelim (A görevi). Şimdi fincanları şemsiyelerden ayıran bir ağ daha
# gerekiyor (B görevi), ama elimizde az resim var.
#
# Klasik yol sıfırdan başlar. **Transfer öğrenimi** (transfer learning) ise ikinci modeli, birincinin öğrendiklerinden
# başlatır. Çizimde farkı yaratan tek oku arayın.

# %% name="imports"
import keras
import numpy as np

from tl_helpers.baselines import small_pixels
from tl_helpers.drawn import drawn_pictures
from tl_helpers.dropout import two_kinds
from tl_helpers.dropout_plots import show_dropout_curves, show_gap_by_size, show_loss_by_rate
from tl_helpers.figures import draw_dropout, draw_three_ways, draw_transfer
from tl_helpers.messages import message, number
from tl_helpers.plots import class_name, show_learning_curves, show_pictures
from tl_helpers.results import show_results
from tl_helpers.tasks import check

# %% name="transfer-figure"
draw_transfer()

# %% [markdown] name="analogy" lang="en"
# ### The old cat and the kitten
#
# An old cat knows how to stalk mice. A kitten that watches her need not find out everything alone: it takes over the
# crouch, the waiting, the leap, and practises only what its own prey, birds say, asks for.
#
# Here the picture breaks. The kitten can drop what does not fit birds; a network carries over all its habits, the
# harmful ones too. So we measure whether the transfer helped.

# %% [markdown] name="analogy" lang="tr" en="07c2738b"
# ### Yaşlı kedi ile yavru kedi
#
# Yaşlı bir kedi, fareye nasıl sokulacağını bilir. Onu izleyen yavru her şeyi tek başına keşfetmek zorunda kalmaz:
# sinmeyi, beklemeyi, sıçramayı ondan alır; yalnızca kendi avının, örneğin kuşların, gerektirdiklerini çalışır.
#
# Benzetme şurada bozulur: yavru kedi, kuş avına uymayan alışkanlıkları bırakabilir. Ağ ise zararlı olanlar dâhil
# bütün alışkanlıklarını yanında getirir. Bu yüzden transferin işe yarayıp yaramadığını ölçeriz.

# %% [markdown] name="why-it-works" lang="en"
# ## Why it works
#
# In networks trained on pictures, the first layers are often found to answer to simple things such as edges and
# patches of colour (Yosinski and others, 2014).
#
# Let us apply one edge filter, fixed by hand, to cats and to umbrellas. What do you expect: will it work for both, or
# does each need a filter of its own?

# %% [markdown] name="why-it-works" lang="tr" en="e92a1902"
# ## Neden işe yarıyor?
#
# Resimlerle eğitilmiş ağlarda ilk katmanların çoğu zaman kenarlar ve renk lekeleri gibi basit şeylere tepki verdiği
# görülür (Yosinski ve diğerleri, 2014).
#
# Elle belirlenmiş tek bir kenar filtresini hem kedilere hem şemsiyelere uygulayalım. Ne beklersiniz: ikisinde de işe
# yarar mı, yoksa her birine ayrı bir filtre mi gerekir?

# %% name="edges"
drawn = drawn_pictures(("cat", "umbrella"), 2, seed=5)
pictures, captions = drawn.images, [class_name(drawn.class_names[label]) for label in drawn.labels]
grey = pictures.mean(axis=-1)  # (4, 96, 96)
across = grey[:, 1:-1, 2:] - grey[:, 1:-1, :-2]
down = grey[:, 2:, 1:-1] - grey[:, :-2, 1:-1]
edges = np.hypot(across, down)  # (4, 94, 94)
maps = np.repeat(255 - 3 * edges[..., None], 3, axis=-1)
both = np.concatenate([pictures[:, 1:-1, 1:-1], maps])
show_pictures(both, captions * 2, message("figures.edges"), columns=4)

# %% [markdown] name="late-layers" lang="en"
# One filter outlines both. It knows neither cats nor umbrellas: it only compares neighbouring pixels. Features as
# simple as this help with almost any picture.
#
# **Late** layers are more specialised: for cats, say, something like whiskers. That is why we keep the early layers,
# and replace or retrain the late ones.

# %% [markdown] name="late-layers" lang="tr" en="0976e77a"
# Aynı filtre ikisinin de dış çizgilerini buldu. Ne kediyi bilir ne şemsiyeyi: yalnızca komşu pikselleri
# karşılaştırır. Böyle basit öznitelikler hemen her resimde işe yarar.
#
# **Son** katmanlar ise daha özelleşmiştir: örneğin kediler için bıyığa benzer bir şey. İlk katmanları koruyup son
# katmanları değiştirmemizin ya da yeniden eğitmemizin nedeni budur.

# %% [markdown] name="when-not" lang="en"
# ### When it does not work
#
# An edge is a difference between neighbours, so it means something only where neighbours belong together. Let us put
# the pixels into a random order, the same for every picture. All the numbers are still there. Will neighbours still
# resemble each other? We measure it by their correlation, after taking off each picture's mean brightness.

# %% [markdown] name="when-not" lang="tr" en="c46ca85b"
# ### Ne zaman işe yaramaz?
#
# Kenar, komşular arasındaki farktır; o hâlde yalnızca komşuların birbiriyle ilgili olduğu yerde anlam taşır.
# Pikselleri her resimde aynı olan rastgele bir sıraya dizelim. Bütün sayılar yerinde duruyor. Komşular yine birbirine
# benzer mi? Bunu, her resmin ortalama parlaklığını çıkardıktan sonra komşular arasındaki korelasyonla ölçüyoruz.


# %% name="shuffled"
def likeness(images):
    left, right = images[:, :, :-1], images[:, :, 1:]
    return np.corrcoef(left.ravel(), right.ravel())[0, 1]


centred = grey - grey.mean(axis=(1, 2), keepdims=True)
order = np.random.default_rng(0).permutation(centred[0].size)
shuffled = centred.reshape(4, -1)[:, order].reshape(centred.shape)
values = {"pictures": number(likeness(centred), 2), "shuffled": number(likeness(shuffled), 2)}
print(message("figures.neighbours", **values))
assert likeness(centred) > 0.8 and abs(likeness(shuffled)) < 0.2

# %% [markdown] name="not-general" lang="en"
# Where neighbours are unrelated there are no outlines. A network pretrained on pictures has little to offer there,
# for its edge filters find nothing to answer to. The columns of a table are like that: their order carries no
# meaning. Features transfer only as far as they are general.

# %% [markdown] name="not-general" lang="tr" en="d07e654d"
# Komşular ilgisizse dış çizgi de yoktur. Orada resimlerle önceden eğitilmiş bir ağın verebileceği pek bir şey kalmaz;
# çünkü kenar filtreleri tepki verecek bir şey bulamaz. Bir tablonun sütunları da böyledir: sıralarının anlamı yoktur.
# Öznitelikler ancak genel oldukları ölçüde aktarılabilir.

# %% [markdown] name="checklist" lang="en"
# ## When does it make sense to go from A to B?
#
# Two questions must be answered with yes:
#
# - Do A and B take the **same kind of input**?
# - Do A's **low-level features** help B?
#
# And there must be something to gain:
#
# - Is there **much more data for A** than for B?
# - Or is there enough data for B, but **too little compute** to start from nothing?
#
# Try it on these five cases: choose, then open your choice.

# %% [markdown] name="checklist" lang="tr" en="f8b8fc76"
# ## A'dan B'ye geçmek ne zaman anlamlıdır?
#
# Şu iki sorunun yanıtı evet olmalıdır:
#
# - A ve B **aynı türden girdi** mi alıyor?
# - A'nın **alt düzey öznitelikleri** B'nin işine yarıyor mu?
#
# Bir de kazanılacak bir şey olmalıdır:
#
# - A için B'dekinden **çok daha fazla veri** var mı?
# - Ya da B için veri yeterli, ama sıfırdan başlamaya **hesaplama gücü** mü yetmiyor?
#
# Bunu şu beş durumda deneyin: önce seçin, sonra seçtiğinizi açın.

# %% [markdown] name="cases-flowers-table" lang="en"
# **Case 1.** From a million everyday photographs to 500 photographs of garden flowers.
# <details><summary>a) Go</summary>Yes: the same kind of input, shared edges and textures, and far more data for
# A.</details>
# <details><summary>b) Don't</summary>Look again: flowers may be new to A, but petals are made of edges and textures
# too.</details>
#
# **Case 2.** From the same photographs to a table of customers: age, income, city.
# <details><summary>a) Go</summary>No: a table is another kind of input, and its columns have no edges.</details>
# <details><summary>b) Don't</summary>Right: the first question is already answered with no.</details>

# %% [markdown] name="cases-flowers-table" lang="tr" en="3066ad7d"
# **1. durum.** Bir milyon gündelik fotoğraftan 500 bahçe çiçeği fotoğrafına.
# <details><summary>a) Geçelim</summary>Evet: girdi aynı türden, kenarlar ve dokular ortak, A için veri çok daha
# fazla.</details>
# <details><summary>b) Geçmeyelim</summary>Bir daha bakın: A, çiçekleri hiç görmemiş olabilir, ama taçyapraklar da
# kenarlardan ve dokulardan oluşur.</details>
#
# **2. durum.** Aynı fotoğraflardan bir müşteri tablosuna: yaş, gelir, şehir.
# <details><summary>a) Geçelim</summary>Hayır: tablo başka türden bir girdidir, sütunlarında kenar yoktur.</details>
# <details><summary>b) Geçmeyelim</summary>Doğru: daha ilk sorunun yanıtı hayır.</details>

# %% [markdown] name="cases-birds-x-rays" lang="en"
# **Case 3.** From everyday photographs to half a million bird photographs, with a single laptop.
# <details><summary>a) Go</summary>Yes: the data would do, the computer would not. That is the last question.</details>
# <details><summary>b) Don't</summary>With many computers one could start from nothing; with one laptop, a good start
# saves days.</details>
#
# **Case 4.** From 300 X-ray pictures to half a million everyday photographs.
# <details><summary>a) Go</summary>Rather not: A has seen less than B offers, so it has little to hand on.</details>
# <details><summary>b) Don't</summary>Right: the other direction would be worth a try.</details>

# %% [markdown] name="cases-birds-x-rays" lang="tr" en="0f9f6313"
# **3. durum.** Gündelik fotoğraflardan yarım milyon kuş fotoğrafına, elde tek bir dizüstü bilgisayarla.
# <details><summary>a) Geçelim</summary>Evet: veri yeter, bilgisayar yetmez. Son soru tam da budur.</details>
# <details><summary>b) Geçmeyelim</summary>Çok bilgisayarla sıfırdan başlanabilir; tek dizüstüyle iyi bir başlangıç
# günler kazandırır.</details>
#
# **4. durum.** 300 röntgen resminden yarım milyon gündelik fotoğrafa.
# <details><summary>a) Geçelim</summary>Pek doğru olmaz: A, B'nin sunduğundan daha azını görmüş; devredeceği pek bir şey
# yok.</details>
# <details><summary>b) Geçmeyelim</summary>Doğru: ters yönü denemeye değerdi.</details>

# %% [markdown] name="case-thermal" lang="en"
# **Case 5.** From daylight photographs to 800 pictures of a thermal camera, which shows warmth instead of colour.
# <details><summary>a) Go, trusting it</summary>Too quick: what A knows about colour is of no use here.</details>
# <details><summary>b) Go, and measure</summary>Yes: outlines remain outlines, so the early layers may help. A comparison
# with a model from scratch tells.</details>
# <details><summary>c) Don't</summary>Too strict: both are pictures, and there is little data for B.</details>

# %% [markdown] name="case-thermal" lang="tr" en="f6fc6d83"
# **5. durum.** Gündüz fotoğraflarından, renk yerine sıcaklık gösteren bir termal kameranın 800 resmine.
# <details><summary>a) Geçelim, güvenelim</summary>Acele ettiniz: A'nın renk üzerine bildikleri burada işe
# yaramaz.</details>
# <details><summary>b) Geçelim ve ölçelim</summary>Evet: dış çizgiler yine dış çizgidir; ilk katmanlar yardımcı olabilir.
# Bunu, sıfırdan eğitilen bir modelle yapılan karşılaştırma gösterir.</details>
# <details><summary>c) Geçmeyelim</summary>Fazla katı: ikisi de resim, üstelik B için veri az.</details>

# %% [markdown] name="three-ways" lang="en"
# ## Three ways to use a pretrained model
#
# A **pretrained model** has a base, which turns a picture into features, and a **head**, which turns features into an
# answer. **Features** are the numbers that the base gives for a picture.
#
# The three ways differ in what we leave alone (blue) and what we train (orange). **Frozen** means: training does not
# change it. **Fine-tuning** trains some or all of the base too, in small steps (a low learning rate).

# %% [markdown] name="three-ways" lang="tr" en="dfd0c690"
# ## Önceden eğitilmiş bir modeli kullanmanın üç yolu
#
# **Önceden eğitilmiş bir modelin** (pretrained model) resmi özniteliklere çeviren bir temel modeli, bir de
# öznitelikleri yanıta çeviren **sınıflandırma başlığı** (head) vardır. **Öznitelikler**, temel modelin bir resim için
# verdiği sayılardır.
#
# Üç yolun farkı, neye dokunmadığımız (mavi) ve neyi eğittiğimizdir (turuncu). **Dondurulmuş**, eğitim sırasında
# değişmeyen demektir. **İnce ayar** (fine-tuning) temel modelin de bir bölümünü ya da tümünü küçük adımlarla, yani
# düşük bir öğrenme oranıyla eğitir.

# %% name="three-ways-figure"
draw_three_ways()

# %% [markdown] name="day-and-night" lang="en"
# ### By day and by night
#
# Think of a pedestrian detector that was trained on streets by day.
#
# - **As it is**: by day it works, with no training; by night it may miss people. Phones and other real-time devices
#   use models this way; now and then they get a fresh one, trained elsewhere on more data.
# - **Feature extraction**: a few pictures by night may be enough for a new head on the frozen base.
# - **Fine-tuning**: with many pictures by night, the upper layers learn what people look like under street lamps,
#   with a low learning rate.

# %% [markdown] name="day-and-night" lang="tr" en="1fe736b4"
# ### Gündüz ve gece
#
# Gündüz çekilmiş sokak resimleriyle eğitilmiş bir yaya algılama modeli düşünelim.
#
# - **Olduğu gibi**: gündüz, hiçbir şey eğitilmeden çalışır; gece insanları gözden kaçırabilir. Telefonlar ve gerçek
#   zamanlı başka aygıtlar modelleri böyle kullanır; arada bir, başka yerde daha çok veriyle eğitilmiş yenisini
#   alırlar.
# - **Öznitelik çıkarma** (feature extraction): dondurulmuş temel modele yeni bir başlık takmak için gece çekilmiş
#   birkaç resim yetebilir.
# - **İnce ayar**: çok sayıda gece resmi varsa üst katmanlar, insanların sokak lambası altında nasıl göründüğünü düşük
#   bir öğrenme oranıyla öğrenir.

# %% [markdown] name="which-way" lang="en"
# ### Which one to choose?
#
# | | B resembles A | B differs from A |
# |---|---|---|
# | **little data for B** | frozen base, new head | new head on earlier layers |
# | **much data for B** | fine-tune the upper layers | fine-tune most layers, or start from nothing |
#
# And where A's classes are those we need **and our pictures look like A's**, the model can be used as it is.
#
# Take the table as a hypothesis: only an experiment on our own data can confirm it.

# %% [markdown] name="which-way" lang="tr" en="755c5da2"
# ### Hangisini seçmeli?
#
# | | B, A'ya benziyor | B, A'dan farklı |
# |---|---|---|
# | **B için veri az** | dondurulmuş temel model, yeni başlık | daha alt katmanların üzerine yeni başlık |
# | **B için veri çok** | üst katmanlara ince ayar | katmanların çoğuna ince ayar ya da sıfırdan eğitim |
#
# A'nın sınıfları bize gereken sınıflarsa **ve resimlerimiz A'nınkilere benziyorsa** model olduğu gibi kullanılabilir.
#
# Tabloyu bir hipotez olarak görün: onu ancak kendi verimizle yapılan bir deney doğrulayabilir.

# %% [markdown] name="task-way" lang="en"
# **Task.** A bakery has 300 photographs of its own breads and a model pretrained on everyday photographs, bread not
# among its classes. Which way is worth trying first: `"as it is"`, `"feature extraction"` or `"fine-tuning"`?
#
# <details><summary>First hint</summary>Can the old head name a class that it has never had?</details>
# <details><summary>Second hint</summary>Which row and which column of the table is the bakery in?</details>

# %% [markdown] name="task-way" lang="tr" en="ad34e56b"
# **Görev.** Bir fırının elinde kendi ekmeklerinin 300 fotoğrafı ve gündelik fotoğraflarla önceden eğitilmiş bir model
# var; ekmek, modelin sınıfları arasında değil. Önce hangi yol denenmeli? `"as it is"` (olduğu gibi), `"feature extraction"`
# (öznitelik çıkarma) ya da `"fine-tuning"` (ince ayar) yazın.
#
# <details><summary>Birinci ipucu</summary>Eski başlık, hiç tanımadığı bir sınıfı adlandırabilir mi?</details>
# <details><summary>İkinci ipucu</summary>Fırının durumu tablonun hangi satırına, hangi sütununa düşüyor?</details>

# %% name="check-way" tags=["exact"]
my_way = None
check(my_way, my_way == "feature extraction")

# %% [markdown] name="restraint" lang="en"
# ## Why big networks need restraint
#
# Borrowed networks are large, and we often have little data. A network that is large for its data can learn the
# pictures by heart instead of learning what they have in common: **overfitting**. We now provoke it on purpose, with
# 400 small pictures of two kinds of things.

# %% [markdown] name="restraint" lang="tr" en="7a71ae49"
# ## Büyük ağlar neden dizginlenmeli?
#
# Ödünç aldığımız ağlar büyük, verimiz ise çoğu zaman azdır. Verisine göre büyük bir ağ, resimlerin ortak yanlarını
# öğrenmek yerine resimlerin kendisini ezberleyebilir: buna **aşırı öğrenme** (overfitting) denir. Şimdi bunu, iki
# türden 400 küçük resimle, bilerek ortaya çıkaracağız.

# %% name="data"
train_pictures, validation_pictures = two_kinds(edition)
captions = [class_name(train_pictures.class_names[label]) for label in train_pictures.labels[:6]]
show_pictures(train_pictures.images[:6], captions, message("dropout.gallery"))
train = small_pixels(train_pictures.images, 16), train_pictures.labels
validation = small_pixels(validation_pictures.images, 16), validation_pictures.labels
print(train[0].shape, validation[0].shape)

# %% [markdown] name="network" lang="en"
# ### A dense network
#
# Each picture, shrunk to 16×16 pixels, is one row of numbers. Two **dense layers** of 512 neurons read it, each followed
# by a **dropout** layer, `Dropout`, which we come to below; at rate 0 it does nothing. The last neuron gives a **logit**,
# a raw score whose sign decides between the two kinds.
#
# What do you guess: how many parameters are there for each picture?

# %% [markdown] name="network" lang="tr" en="f111005a"
# ### Yoğun bir ağ
#
# 16×16 piksele küçültülen her resim bir sıra sayıdır. Onu her biri 512 nöronlu iki **yoğun katman** (dense layer)
# okur. Her katmanın ardından, az sonra anlatacağımız **seyreltme** (dropout) katmanı, yani `Dropout` gelir; oran 0
# ise hiçbir şey yapmaz. Son nöron bir **logit**, yani ham, ölçeklenmemiş bir skor verir; iki tür arasında skorun
# işareti karar verir.
#
# Tahmininiz nedir: resim başına kaç parametre düşüyor?


# %% name="dense-network"
def dense_network(inputs, rate, seed, units=512):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential([keras.Input((inputs,))])
    for _ in range(2):
        network.add(keras.layers.Dense(units, activation="relu"))
        network.add(keras.layers.Dropout(rate, seed=seed))
    network.add(keras.layers.Dense(1, name="head"))
    network.compile(keras.optimizers.Adam(1e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return network


# %% name="parameters" tags=["exact"]
network = dense_network(train[0].shape[1], rate=0.5, seed=0)
counts = {"parameters": network.count_params(), "pictures": len(train[1])}
counts["times"] = counts["parameters"] // counts["pictures"]
print(message("dropout.parameters", **{name: number(value) for name, value in counts.items()}))
assert counts["times"] > 1000

# %% [markdown] name="measure" lang="en"
# ### Measure as the network is used
#
# The **loss** (cross-entropy) is minus the logarithm of the probability given to the true class, averaged over the
# pictures; a confident mistake costs much. The network learns from the **training set**; from the **validation set**
# it never learns. A **seed** fixes the random start.
#
# While it trains, Keras reports the training loss with dropout *on*; validation is measured with dropout *off*.
# Comparing the two would be unfair. So after each pass over the data, an **epoch**, we measure both with dropout off.

# %% [markdown] name="measure" lang="tr" en="8657390a"
# ### Ağ nasıl kullanılıyorsa öyle ölçün
#
# **Kayıp** (çapraz entropi), doğru sınıfa verilen olasılığın logaritmasının eksi işaretlisidir; resimler üzerinden
# ortalaması alınır. Kendinden emin bir hata pahalıya mal olur. Ağ, **eğitim kümesinden** öğrenir; **doğrulama
# kümesinden** hiç öğrenmez. **Tohum değeri** (seed) rastgele başlangıcı sabitler.
#
# Keras eğitim sırasında eğitim kaybını seyreltme *açıkken*, doğrulama kaybını ise *kapalıyken* bildirir. İkisini
# karşılaştırmak adil olmaz. Bu yüzden veri üzerinden her geçişin, yani her **dönemin** (epoch) sonunda ikisini de
# seyreltme kapalıyken ölçeriz.


# %% name="measure-network"
def measure(network, inputs, labels):
    logits = np.asarray(network(inputs, training=False), dtype=np.float64)[:, 0]
    loss = np.mean(np.logaddexp(0, logits) - labels * logits)
    return float(loss), float(np.mean((logits > 0) == (labels == 1)))


# %% name="train-network"
def train_network(rate, seed, train, validation, epochs=15):
    network = dense_network(train[0].shape[1], rate, seed)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}

    def measure_both(*_):
        measured = (*measure(network, *train), *measure(network, *validation))
        for values, value in zip(history.values(), measured):
            values.append(value)

    after_epoch = keras.callbacks.LambdaCallback(on_epoch_end=measure_both)
    network.fit(*train, epochs=epochs, batch_size=100, verbose=0, callbacks=[after_epoch])
    return history


# %% [markdown] name="predict-overfitting" lang="en"
# First without dropout, from three seeds; we look at the first. Before you run the cell: how will the training curves
# end, and the validation curves?

# %% [markdown] name="predict-overfitting" lang="tr" en="542e82ea"
# Önce seyreltme olmadan, üç tohum değeriyle; ilkine bakıyoruz. Hücreyi çalıştırmadan önce düşünün: eğitim eğrileri nerede
# biter, doğrulama eğrileri nerede?

# %% name="without"
SEEDS = (0, 1, 2)
without = [train_network(0.0, seed, train, validation) for seed in SEEDS]
show_learning_curves(without[0])
assert without[0]["accuracy"][-1] > without[0]["val_accuracy"][-1]

# %% [markdown] name="dropout-idea" lang="en"
# ### Neurons that lean on one another
#
# In an overfitted network, neurons lean on one another: one makes a mistake, another mends it, and the pair works only
# for the pictures it has seen.
#
# **Dropout** breaks up such pairs. At each training step it switches off a random share of the neurons, so each must be
# useful whoever else is there.

# %% [markdown] name="dropout-idea" lang="tr" en="795c9aae"
# ### Birbirine yaslanan nöronlar
#
# Aşırı öğrenmiş bir ağda nöronlar birbirine yaslanır: biri hata yapar, öteki düzeltir; bu ikili de yalnızca gördüğü
# resimlerde işler.
#
# **Seyreltme** böyle ikilileri dağıtır. Her eğitim adımında nöronların rastgele bir bölümünü kapatır; böylece
# her nöron, yanında kim olursa olsun işe yaramak zorunda kalır.

# %% name="dropout-figure"
draw_dropout(0.5, seed=1)

# %% [markdown] name="inference" lang="en"
# ### Off when the network is used
#
# Let us send ones through a dropout layer of rate 0.5. About half of them become 0. What happens to the others, so that the
# next layer receives about as much as before? And with `training=False`?

# %% [markdown] name="inference" lang="tr" en="127c6455"
# ### Ağ kullanılırken kapalıdır
#
# Oranı 0,5 olan bir seyreltme katmanından birler geçirelim. Yaklaşık yarısı 0 olur. Sonraki katmana aşağı yukarı aynı miktar
# ulaşsın diye geri kalanlara ne yapılır? Ya `training=False` olunca?

# %% name="dropout-off" tags=["exact"]
ones = np.ones((1, 10_000), dtype="float32")
layer = keras.layers.Dropout(0.5, seed=0)
in_training, in_use = np.asarray(layer(ones, training=True)), np.asarray(layer(ones, training=False))
print(np.unique(in_training), np.unique(in_use))
assert np.array_equal(in_use, ones)
assert abs(in_training.mean() - ones.mean()) < 0.05

# %% [markdown] name="task-scale" lang="en"
# The survivors grow, so the mean stays about the same. In use the layer changes nothing at all.
#
# **Task.** With rate 0.8, what does a 1 become if it survives?
#
# <details><summary>First hint</summary>At rate 0.5 half of them survive, and each one doubles.</details>
# <details><summary>Second hint</summary>Which share survives at rate 0.8? The mean must stay 1.</details>

# %% [markdown] name="task-scale" lang="tr" en="8210931b"
# Kalanlar büyür, böylece ortalama aşağı yukarı aynı kalır. Kullanımda katman hiçbir şeyi değiştirmez.
#
# **Görev.** Oran 0,8 iken kapatılmayan bir 1 kaça dönüşür?
#
# <details><summary>Birinci ipucu</summary>Oran 0,5 iken yarısı kalır ve her biri iki katına çıkar.</details>
# <details><summary>İkinci ipucu</summary>Oran 0,8 iken ne kadarı kalır? Ortalamanın 1 olarak kalması gerekir.</details>

# %% name="check-scale" tags=["exact"]
my_survivor = None
survivor = np.asarray(keras.layers.Dropout(0.8, seed=0)(ones, training=True)).max()
check(my_survivor, isinstance(my_survivor, (int, float)) and np.isclose(my_survivor, survivor))

# %% [markdown] name="compare" lang="en"
# ## The comparison
#
# The same network, the same seeds, the same pictures; only the rate is now 0.5. Our number is now the **loss gap**:
# validation loss minus training loss. It says how much worse the network does on new pictures than on those it has
# learned from.
#
# What do you expect of the gap? And of validation accuracy?

# %% [markdown] name="compare" lang="tr" en="f4d499b8"
# ## Karşılaştırma
#
# Ağ aynı, tohum değerleri aynı, resimler aynı; yalnızca oran artık 0,5. Ölçütümüz artık **kayıp farkı**: doğrulama
# kaybı eksi eğitim kaybı. Ağın yeni resimlerde, öğrendiği resimlerdekinden ne kadar daha kötü olduğunu gösterir.
#
# Sizce fark nasıl değişecek? Ya doğrulama doğruluğu?


# %% name="with-dropout"
def loss_gap(history):
    return history["val_loss"][-1] - history["loss"][-1]


with_dropout = [train_network(0.5, seed, train, validation) for seed in SEEDS]
show_dropout_curves(without, with_dropout)
for before, after in zip(without, with_dropout):
    assert loss_gap(after) < loss_gap(before)
    assert after["loss"][-1] > before["loss"][-1]

# %% name="end-and-low"
for name, histories in (("without", without), ("with", with_dropout)):
    end = np.mean([history["val_loss"][-1] for history in histories])
    low = np.mean([min(history["val_loss"]) for history in histories])
    values = {"end": number(end, 2), "low": number(low, 2)}
    print(message("dropout.end_and_low", name=message(f"dropout.{name}_short"), **values))
    assert name == "with" or end > low

# %% [markdown] name="what-it-buys" lang="en"
# A smaller gap is not the same as a higher accuracy. A lower validation loss at the same accuracy means better judged
# certainty. Whether the network also names more pictures rightly depends on the data, so read both sentences under
# the plot.
#
# Part of the smaller gap is only slower learning: with dropout the training curve ends higher. So look at the
# validation loss itself: at the end, and at its lowest point. Without dropout it ends, on average, above its lowest
# point; stopping there may do as well as dropout.

# %% [markdown] name="what-it-buys" lang="tr" en="3c4759e8"
# Farkın küçülmesi, doğruluğun yükselmesi demek değildir. Doğruluk aynıyken doğrulama kaybının düşmesi, ağın ne kadar
# emin olabileceğini daha iyi kestirdiğini gösterir. Ağın daha çok resmi doğru adlandırıp adlandırmadığı ise veriye
# bağlıdır; grafiğin altındaki iki cümleyi de okuyun.
#
# Küçülen farkın bir bölümü, yalnızca daha yavaş öğrenmenin sonucudur: seyreltmeyle eğitim eğrisi daha yukarıda biter.
# O hâlde doğrulama kaybının kendisine bakın: sonda ve en düşük noktasında. Seyreltme olmadan, ortalamada, en düşük
# noktasının üzerinde biter; eğitimi o noktada durdurmak da seyreltme kadar işe yarayabilir.

# %% [markdown] name="more-data" lang="en"
# ### As the data grow
#
# Now with fewer pictures: 25 and 100 of them, repeated so that each network takes the same number of training steps.
# Where will the gap be widest? And can dropout rescue a network that sees only 25 pictures?

# %% [markdown] name="more-data" lang="tr" en="4ae7a8be"
# ### Veri büyüdükçe
#
# Şimdi daha az resim alıyoruz: 25 ve 100. Her ağ aynı sayıda eğitim adımı atsın diye resimleri yineliyoruz. Fark en çok
# nerede açılır? Seyreltme, yalnızca 25 resim gören bir ağı kurtarabilir mi?


# %% name="by-size"
def first_pictures(examples, size, seed):
    inputs, labels = examples
    chosen = np.resize(np.random.default_rng(seed).permutation(len(labels))[:size], len(labels))
    return inputs[chosen], labels[chosen]


gaps = {0.0: {}, 0.5: {}}
for rate, finished in ((0.0, without), (0.5, with_dropout)):
    for size in (25, 100):
        chosen = [first_pictures(train, size, seed) for seed in SEEDS]
        histories = [train_network(rate, seed, few, validation) for seed, few in zip(SEEDS, chosen)]
        gaps[rate][size] = [loss_gap(history) for history in histories]
    gaps[rate][len(train[1])] = [loss_gap(history) for history in finished]

# %% name="by-size-plot"
show_gap_by_size(gaps[0.0], gaps[0.5])
for by_size in gaps.values():
    means = [np.mean(values) for values in by_size.values()]
    assert means[0] > means[1] > means[2]

# %% [markdown] name="by-size-read" lang="en"
# Both axes are logarithmic: equal steps multiply by equal factors. More pictures shrink the gap, without dropout and with
# it. Whether dropout can rescue the smallest set is said by the first sentence under the plot.

# %% [markdown] name="by-size-read" lang="tr" en="da4b380b"
# İki eksen de logaritmiktir: eşit adımlar, eşit katlara karşılık gelir. Resim sayısı arttıkça fark, seyreltme olsa da
# olmasa da küçülür. Seyreltmenin en küçük kümeyi kurtarıp kurtarmadığını grafiğin altındaki ilk cümle söyler.

# %% [markdown] name="more-restraint" lang="en"
# ### As the rate grows
#
# If half is good, is more better? We try rates from 0 to 0.8. Predict both curves: what happens to training loss, and
# where is validation loss lowest?

# %% [markdown] name="more-restraint" lang="tr" en="a562025c"
# ### Oran büyüdükçe
#
# Yarısı iyiyse daha fazlası daha mı iyi? 0'dan 0,8'e kadar oranları deniyoruz. İki eğriyi de tahmin edin: eğitim kaybına
# ne olur, doğrulama kaybı nerede en düşüktür?

# %% name="by-rate"
runs = {0.0: without, 0.2: [], 0.5: with_dropout, 0.8: []}
for rate in (0.2, 0.8):
    runs[rate] = [train_network(rate, seed, train, validation) for seed in SEEDS]
show_loss_by_rate(runs)
assert np.mean([history["accuracy"][-1] for history in runs[0.8]]) < 0.9

# %% [markdown] name="too-much" lang="en"
# Too little restraint, and the network learns by heart. Too much, and after the same number of epochs it has not even
# learned the training pictures well: **underfitting**. With more epochs it can still catch up, so rate and epochs belong
# together. The validation set helps us choose both.

# %% [markdown] name="too-much" lang="tr" en="34a4e5dc"
# Ağı az dizginlersek ezberler. Çok dizginlersek aynı sayıda dönemin sonunda eğitim resimlerini bile iyi öğrenememiş
# olur: buna **eksik öğrenme** (underfitting) denir. Daha çok dönemle arayı kapatabilir; bu yüzden oranı ve dönem
# sayısını birlikte düşünmek gerekir. İkisini de seçerken doğrulama kümesi bize yol gösterir.

# %% [markdown] name="find-the-mistake" lang="en"
# ## Find the mistake
#
# A colleague's program answers differently each time it sees the same picture:
#
# ```python
# answer = network(picture, training=True)
# ```
#
# **Task.** Which value of `training` mends it?
#
# <details><summary>First hint</summary>What does the dropout layer do at each training step?</details>
# <details><summary>Second hint</summary>We have seen a value with which the ones came out unchanged.</details>

# %% [markdown] name="find-the-mistake" lang="tr" en="eed1c453"
# ## Hatayı bulun
#
# Bir arkadaşınızın programı aynı resme her bakışında başka bir yanıt veriyor:
#
# ```python
# answer = network(picture, training=True)
# ```
#
# **Görev.** Hatayı hangi `training` değeri giderir?
#
# <details><summary>Birinci ipucu</summary>Seyreltme katmanı her eğitim adımında ne yapar?</details>
# <details><summary>İkinci ipucu</summary>Birlerin hiç değişmeden çıktığı bir değer görmüştük.</details>

# %% name="check-mistake" tags=["exact"]
my_training = None
picture = train[0][:1]
wrong = [np.asarray(network(picture, training=True)) for _ in range(2)]
assert not np.array_equal(*wrong)
mended = [np.asarray(network(picture, training=my_training)) for _ in range(2)]
check(my_training, np.array_equal(*mended))

# %% [markdown] name="quiz" lang="en"
# ## Quiz
#
# Choose an answer, then open it.
#
# **1. Which features are the likeliest to serve another task?**
# <details><summary>a) Those of the last layers</summary>No: they are made for their own task.</details>
# <details><summary>b) Those of the early layers</summary>Yes: edges and textures occur in almost any picture.</details>
# <details><summary>c) None, each task needs its own</summary>No: edges occur in both cats and umbrellas, and
# one filter outlined both.</details>

# %% [markdown] name="quiz" lang="tr" en="73148ab1"
# ## Kısa sınav
#
# Bir yanıt seçin, sonra açın.
#
# **1. Başka bir görevde işe yaraması en olası öznitelikler hangileridir?**
# <details><summary>a) Son katmanlarınkiler</summary>Hayır: onlar kendi görevleri için oluşmuştur.</details>
# <details><summary>b) İlk katmanlarınkiler</summary>Evet: kenarlar ve dokular hemen her resimde vardır.</details>
# <details><summary>c) Hiçbiri, her göreve kendi öznitelikleri gerekir</summary>Hayır: kenarlar kedilerde de
# şemsiyelerde de vardır; tek bir filtre ikisinin de dış çizgilerini buldu.</details>

# %% [markdown] name="quiz-ways" lang="en"
# **2. What do feature extraction and fine-tuning have in common?**
# <details><summary>a) Both train a new head</summary>Yes: the new task has classes of its own.</details>
# <details><summary>b) Both leave the base untouched</summary>No: fine-tuning trains part of the base, gently.</details>
# <details><summary>c) Neither trains anything</summary>No: that is the model used as it is.</details>

# %% [markdown] name="quiz-ways" lang="tr" en="6690cfb6"
# **2. Öznitelik çıkarma ile ince ayarın ortak yanı nedir?**
# <details><summary>a) İkisi de yeni bir başlık eğitir</summary>Evet: yeni görevin kendi sınıfları vardır.</details>
# <details><summary>b) İkisi de temel modele dokunmaz</summary>Hayır: ince ayar, temel modelin bir bölümünü hafifçe
# eğitir.</details>
# <details><summary>c) İkisi de hiçbir şey eğitmez</summary>Hayır: bu, modeli olduğu gibi kullanmaktır.</details>

# %% [markdown] name="quiz-gap" lang="en"
# **3.** With dropout the gap is smaller **and the validation loss lower**, but validation accuracy is the same. What have
# we gained?
# <details><summary>a) Nothing</summary>Not quite: the validation loss counts as well, and it punishes unearned
# certainty.</details>
# <details><summary>b) Probabilities that are nearer the truth</summary>Yes: the same number of mistakes, but less unearned
# certainty.</details>
# <details><summary>c) A faster network</summary>No: in use every neuron works, as before.</details>

# %% [markdown] name="quiz-gap" lang="tr" en="6eb00e78"
# **3.** Seyreltmeyle fark küçüldü **ve doğrulama kaybı düştü**, ama doğrulama doğruluğu aynı kaldı. Ne kazandık?
# <details><summary>a) Hiçbir şey</summary>Pek öyle değil: doğrulama kaybı da önemlidir; hak edilmemiş
# özgüveni cezalandırır.</details>
# <details><summary>b) Gerçeğe daha yakın olasılıklar</summary>Evet: hata sayısı aynı, ama hak edilmemiş özgüven daha
# az.</details>
# <details><summary>c) Daha hızlı bir ağ</summary>Hayır: kullanımda bütün nöronlar, eskisi gibi, çalışır.</details>

# %% name="key-results"
results = {}
for name, histories in (("without", without), ("with", with_dropout)):
    results[message(f"dropout.result_gap_{name}")] = float(np.mean([loss_gap(history) for history in histories]))
    accuracies = [history["val_accuracy"][-1] for history in histories]
    results[message(f"dropout.result_accuracy_{name}")] = float(np.mean(accuracies))
show_results(results)

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - said when it makes sense to go from one task to another, and when it does not, with a checklist and five cases;
# - told apart the three ways to use a pretrained model: as it is, with a frozen base, and with fine-tuning;
# - measured over three seeds what dropout does to a network that is large for its data, and what more data and higher
#   rates change.
#
# **Read on:** [Dropout](https://jmlr.org/papers/v15/srivastava14a.html) (Srivastava and others, 2014),
# [How transferable are features?](https://arxiv.org/abs/1411.1792) (Yosinski and others, 2014),
# [transfer learning in the Keras guides](https://keras.io/guides/transfer_learning/).

# %% [markdown] name="recap" lang="tr" en="83ada10d"
# ## Bu derste…
#
# - bir görevden ötekine geçmenin ne zaman anlamlı olduğunu, ne zaman olmadığını bir denetim listesi ve beş durumla
#   söyledik;
# - önceden eğitilmiş bir modeli kullanmanın üç yolunu ayırt ettik: olduğu gibi, dondurulmuş temel modelle ve ince
#   ayarla;
# - verisine göre büyük bir ağda seyreltmenin ne yaptığını, daha çok verinin ve daha yüksek oranların neyi değiştirdiğini
#   üç tohum değeriyle ölçtük.
#
# **Okumaya devam:** [Seyreltme](https://jmlr.org/papers/v15/srivastava14a.html) (Srivastava ve diğerleri, 2014),
# [Öznitelikler ne kadar aktarılabilir?](https://arxiv.org/abs/1411.1792) (Yosinski ve diğerleri, 2014),
# [Keras kılavuzlarında transfer öğrenimi](https://keras.io/guides/transfer_learning/).
