# %% [markdown] name="two-tasks" lang="en"
# ## A model per task, or knowledge handed on
#
# A network names many things (task A). Another must tell cups from umbrellas (task B), from only a few pictures.
#
# The classical way starts from nothing. **Transfer learning** lets the second model start from what the first has
# learned. Which arrow makes the difference?

# %% [markdown] name="two-tasks" lang="tr" en="0f2cfb14"
# ## Her göreve ayrı model mi, devredilen bilgi mi?
#
# Bir ağ pek çok şeyi adlandırıyor (A görevi). Başka bir ağın, yalnızca birkaç resimle, fincanları şemsiyelerden ayırması
# gerekiyor (B görevi).
#
# Klasik yol sıfırdan başlar. **Transfer öğrenimi** (transfer learning) ise ikinci modeli, birincinin öğrendiklerinden
# başlatır. Farkı hangi ok yaratıyor?

# %% name="imports"
import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from tl_helpers.as_it_is import load_classifier_here, name_picture, pictures_to_name, show_answers
from tl_helpers.base_models import load_classifier
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
# An old cat knows how to stalk mice. A kitten that watches her takes over the crouch, the waiting, the leap, and
# practises only what its own prey, birds say, asks for.
#
# Here the picture breaks. The kitten can drop what does not fit birds; a network carries over all its habits, the
# harmful ones too. So we measure whether the transfer helped.
#
# ## Why it works
#
# In networks trained on pictures, the first layers often answer to edges and patches of colour (Yosinski and others,
# 2014). We apply one edge filter, fixed by hand, to cats and to umbrellas. Will it work for both, or does each need a
# filter of its own?

# %% [markdown] name="analogy" lang="tr" en="1060078b"
# ### Yaşlı kedi ile yavru kedi
#
# Yaşlı bir kedi, farelere nasıl sessizce yaklaşılacağını bilir. Onu izleyen yavru kedi; sinmeyi, beklemeyi, sıçramayı
# ondan öğrenir. Kendisine yalnızca kendi avının, diyelim ki kuşların, gerektirdiğini çalışmak kalır.
#
# Benzetme burada aksar: yavru kedi, kuş avına uymayan alışkanlıkları bırakabilir. Ağ ise zararlı olanlar dâhil bütün
# alışkanlıklarını yanında getirir. Bu yüzden transferin işe yarayıp yaramadığını ölçeriz.
#
# ## Neden işe yarıyor?
#
# Resimlerle eğitilmiş ağlarda ilk katmanlar çoğu zaman kenarlara ve renk lekelerine tepki verir (Yosinski ve diğerleri,
# 2014). Elle belirlenmiş tek bir kenar filtresini hem kedilere hem şemsiyelere uyguluyoruz. İkisinde de işe yarar mı,
# yoksa her birine ayrı bir filtre mi gerekir?

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
# One filter outlines both. It knows neither cats nor umbrellas: it only compares neighbouring pixels. What a layer answers
# to is called a **feature**; features as simple as this help with almost any picture. **Late** layers are more
# specialised. That is why we keep the early layers, and replace or retrain the late ones.
#
# ### When it does not work
#
# An edge is a difference between neighbours, so it means something only where neighbours belong together. Let us put
# the pixels into a random order, the same for every picture. Will neighbours still resemble each other? We measure it by
# their correlation, after taking off each picture's mean brightness.

# %% [markdown] name="late-layers" lang="tr" en="c4366bb6"
# Aynı filtre ikisinin de dış çizgilerini buldu. Ne kediyi bilir ne de şemsiyeyi: yalnızca komşu pikselleri
# karşılaştırır. Bir katmanın tepki verdiği şeye **öznitelik** (feature) denir; böyle basit öznitelikler hemen hemen her
# resimde işe yarar. **Son** katmanlar ise daha çok özelleşmiştir. İlk katmanları koruyup son katmanları
# değiştirmemizin ya da yeniden eğitmemizin nedeni budur.
#
# ### Ne zaman işe yaramaz?
#
# Kenar, komşu pikseller arasındaki farktır; o hâlde yalnızca komşuların birbiriyle ilgili olduğu yerde anlam taşır.
# Pikselleri rastgele bir sıraya dizelim; bu sıra bütün resimlerde aynı olsun. Komşular yine birbirine benzer mi? Bunu,
# her resmin ortalama parlaklığını çıkardıktan sonra komşular arasındaki korelasyonla ölçüyoruz.


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

# %% [markdown] name="checklist" lang="en"
# Where neighbours are unrelated there are no outlines, and what an edge filter answers means nothing. The columns of a
# table are like that. Features transfer only as far as they are general.
#
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
# Try the questions on five cases.

# %% [markdown] name="checklist" lang="tr" en="9ddb9bf3"
# Komşular birbiriyle ilgisizse dış çizgi de kalmaz; bir kenar filtresinin tepkisi hiçbir şey anlatmaz. Bir tablonun
# sütunları da böyledir. Öznitelikler ancak genel oldukları ölçüde aktarılabilir.
#
# ## A'dan B'ye geçmek ne zaman anlamlıdır?
#
# Şu iki sorunun yanıtı "evet" olmalıdır:
#
# - A ve B **aynı türden girdi** mi alıyor?
# - A'nın **alt düzey öznitelikleri** B'nin işine yarıyor mu?
#
# Bir de kazanılacak bir şey olmalıdır:
#
# - A için, B'ye göre **çok daha fazla veri** var mı?
# - Ya da B'nin verisi yeterli de sıfırdan başlamaya **hesaplama gücü mü yetmiyor**?
#
# Soruları şu beş durumda deneyin.

# %% [markdown] name="quiz-cases" lang="en" tags=["quiz"]
# **Five cases.** In which one is the very first question already answered with no?
#
# - [ ] From a million everyday photographs to 500 photographs of garden flowers
#   Here we go from A to B: petals are made of edges and textures too, and there is far more data for A.
# - [ ] From everyday photographs to half a million bird photographs, with a single laptop
#   Here we go: the data would do, the computer would not. That is the last question.
# - [ ] From 300 X-ray pictures to half a million everyday photographs
#   We would rather not, but for another reason: A has seen less than B offers, so it has little to hand on.
# - [x] From everyday photographs to a table of customers: age, income, city
#   Right, here we don't: a table is another kind of input, and its columns have no edges.
# - [ ] From daylight photographs to 800 pictures of a thermal camera, which shows warmth instead of colour
#   We go, and measure: both are pictures, and outlines remain outlines, but what A knows about colour is of no use.

# %% [markdown] name="quiz-cases" lang="tr" en="67db0dc4" tags=["quiz"]
# **Beş durum.** Hangisinde daha ilk sorunun yanıtı "hayır" olur?
#
# - [ ] Bir milyon gündelik fotoğraftan 500 bahçe çiçeği fotoğrafına
#   Burada A'dan B'ye geçeriz: taç yapraklar da kenarlardan ve dokulardan oluşur, A'nın verisi de çok daha fazladır.
# - [ ] Elde yalnızca bir dizüstü bilgisayar varken, gündelik fotoğraflardan yarım milyon kuş fotoğrafına
#   Burada da geçeriz: veri yeter ama bilgisayar yetmez. Son soru tam da bunu sorar.
# - [ ] 300 röntgen resminden yarım milyon gündelik fotoğrafa
#   Geçmemeyi yeğleriz, ama başka bir nedenle: A, B'nin sunduğundan daha azını görmüştür; devredeceği pek bir şey
#   yoktur.
# - [x] Gündelik fotoğraflardan bir müşteri tablosuna: yaş, gelir, şehir
#   Doğru, burada geçmeyiz: tablo başka türden bir girdidir, sütunlarında kenar yoktur.
# - [ ] Gündüz fotoğraflarından, renk yerine sıcaklık gösteren bir termal kameranın 800 resmine
#   Geçeriz ve ölçeriz: ikisi de resimdir, dış çizgiler yine dış çizgidir; ama A'nın renkler hakkında bildikleri işe
#   yaramaz.

# %% [markdown] name="three-ways" lang="en"
# ## Three ways to use a pretrained model
#
# A **pretrained model** has a base, which turns a picture into numbers, its **features**, and a **head**, which turns
# features into an answer.
#
# The three ways differ in what we leave alone, **frozen** (blue), and what we train (orange). **Fine-tuning** also trains
# the base, or part of it, at a low learning rate.

# %% [markdown] name="three-ways" lang="tr" en="0f66f7f0"
# ## Önceden eğitilmiş bir modeli kullanmanın üç yolu
#
# **Önceden eğitilmiş bir model** (pretrained model), resmi sayılara, yani **özniteliklere** çeviren temel model (base
# model) ile öznitelikleri yanıta çeviren **sınıflandırma başlığından** (head) oluşur.
#
# Üç yolun farkı, neyin olduğu gibi bırakıldığı, yani **dondurulduğu** (frozen; mavi) ve neyin eğitildiğidir (turuncu).
# **İnce ayar** (fine-tuning) temel modelin tümünü ya da bir bölümünü de düşük bir öğrenme oranıyla (learning rate)
# eğitir.

# %% name="three-ways-figure"
draw_three_ways()

# %% [markdown] name="day-and-night" lang="en"
# Think of a pedestrian detector trained by day.
#
# - **As it is**: by day it works; by night it may miss people. Phones and other real-time devices use models this way;
#   now and then they get a fresh one, trained elsewhere on more data.
# - **Feature extraction**: a few pictures by night may be enough for a new head.
# - **Fine-tuning**: with many, the upper layers learn what people look like under street lamps.
#
# ### A model as it is
#
# A pretrained classifier gives each of its classes a raw score, a **logit** $z_i$; the softmax turns scores into
# probabilities: $p_i = e^{z_i} / \sum_j e^{z_j}$. We show it three pictures of things that it knows. How sure will it be?
# (The full edition also has `"ResNet50"`.)

# %% [markdown] name="day-and-night" lang="tr" en="940621e3"
# Gündüz çekilmiş resimlerle eğitilmiş bir yaya algılama modeli düşünelim.
#
# - **Olduğu gibi**: gündüz çalışır; gece insanları gözden kaçırabilir. Telefonlar ve gerçek zamanlı çalışan başka
#   aygıtlar modelleri böyle kullanır; arada bir, başka yerde daha çok veriyle eğitilmiş yeni bir model alır.
# - **Öznitelik çıkarma** (feature extraction): yeni bir başlık için gece çekilmiş birkaç resim yetebilir.
# - **İnce ayar**: resim çoksa üst katmanlar, insanların sokak lambası altında nasıl göründüğünü öğrenir.
#
# ### Modeli olduğu gibi kullanmak
#
# Önceden eğitilmiş bir sınıflandırıcı (classifier), sınıflarının her birine ham bir skor, yani bir **logit** ($z_i$)
# verir; softmax bu skorları olasılığa çevirir: $p_i = e^{z_i} / \sum_j e^{z_j}$. Ona, tanıdığı şeyleri gösteren üç resim
# veriyoruz. Sizce ne kadar emin olacak? (Tam sürümde `"ResNet50"` de var.)

# %% name="classifier"
classifier, class_names = load_classifier_here("MobileNetV2", edition)
size = classifier.input_shape[1]
print(message("as_it_is.classes", classes=number(len(class_names)), size=size))


# %% name="top-answers"
def top_answers(logits, class_names, k=5):
    exponentials = np.exp(logits - np.max(logits))
    shares = exponentials / exponentials.sum()
    return [(class_names[i], float(shares[i])) for i in np.argsort(-shares)[:k]]


# %% name="known"
known, strangers = pictures_to_name(classifier, class_names, edition)
logits = classifier.predict(known.images, verbose=0)  # (3, classes)
show_answers(known.images, [top_answers(row, class_names) for row in logits])
assert np.isclose(sum(share for _, share in top_answers(logits[0], class_names, k=None)), 1, atol=1e-4)

# %% [markdown] name="never-seen" lang="en"
# ### A class that it never had
#
# Two pictures of a class that is not among its classes: a cat in the mini edition, a tulip where it knows cats. "I don't
# know" is no class either. What will it say, and how sure can it be?
#
# Then try pictures of your own. Nothing is stored.

# %% [markdown] name="never-seen" lang="tr" en="0b8d2e0c"
# ### Hiç görmediği bir sınıf
#
# Şimdi, sınıfları arasında olmayan bir şeyin iki resmini veriyoruz: mini sürümde kedi; sınıflandırıcı kedileri zaten
# tanıyorsa lale. "Bilmiyorum" da sınıflarından biri değil. Sizce ne diyecek ve bundan ne kadar emin olabilir?
#
# Sonra kendi resimlerinizi deneyin. Hiçbiri saklanmaz.

# %% name="strangers"
logits = classifier.predict(strangers.images, verbose=0)  # (2, classes)
show_answers(strangers.images, [top_answers(row, class_names) for row in logits])
assert strangers.class_names[0] not in class_names

# %% name="own-pictures"
from tl_helpers.interactive import explore, upload

upload(lambda picture: name_picture(picture, classifier, class_names))

# %% [markdown] name="which-way" lang="en"
# A head names what it was trained on, and nothing else. New classes need a new head.
#
# ### Which way to choose?
#
# | | B resembles A | B differs from A |
# |---|---|---|
# | **little data for B** | frozen base, new head | new head on earlier layers |
# | **much data for B** | fine-tune the upper layers | fine-tune most layers, or start from nothing |
#
# Take the table as a hypothesis, and test it: the picture book draws cats and dogs like the base model's own pictures
# (similarity 1), as engravings (0), or between. We train heads (logistic regression) with 40 pictures a class, on pixels
# and on the frozen base's features. Where will the base gain more?

# %% [markdown] name="which-way" lang="tr" en="42db3d63"
# Bir başlık, eğitildiği sınıfları adlandırır, başka hiçbir şeyi değil. Yeni sınıflar için yeni bir başlık gerekir.
#
# ### Hangi yolu seçmeli?
#
# | | B, A'ya benziyor | B, A'dan farklı |
# |---|---|---|
# | **B için veri az** | dondurulmuş temel model, yeni başlık | daha alttaki katmanların üzerine yeni başlık |
# | **B için veri çok** | üst katmanlara ince ayar | katmanların çoğuna ince ayar ya da sıfırdan eğitim |
#
# Tabloyu bir hipotez olarak görün ve sınayın: kursun resimli kitabı kedileri ve köpekleri temel modelin kendi resimleri
# gibi (benzerlik 1), gravür gibi (0) ya da ikisinin arasında çizer. Sınıf başına 40 resimle başlıklar (lojistik
# regresyon) eğitiyoruz: piksellerle ve dondurulmuş temel modelin öznitelikleriyle. Temel model nerede daha çok kazandırır?

# %% name="likeness-gallery"
from tl_helpers.likeness import show_live_beside_reference
from tl_helpers.picturebook import draw, draw_many
from tl_helpers.strategy import draw_strategy, ranked, reference_runs

likenesses = [(label, similarity) for similarity in (1.0, 0.5, 0.0) for label in ("cat", "dog")]
drawings = np.array([draw(label, 7, similarity=similarity) for label, similarity in likenesses])
captions = [f"{class_name(label)} {number(similarity, 1)}" for label, similarity in likenesses]
show_pictures(drawings, captions, message("strategy.gallery"))

# %% name="new-head-score"
pretrained, _ = load_classifier("MobileNetV2", tl_helpers.editions.MINI)
frozen_base = keras.Model(pretrained.input, pretrained.get_layer("head").input)


def new_head_score(train_set, new_set, describe):
    head = LogisticRegression(C=0.01, max_iter=2000).fit(describe(train_set[0]), train_set[1])
    return head.score(describe(new_set[0]), new_set[1])


# %% name="live-runs"
ways = {"pixels": small_pixels, "frozen": lambda images: frozen_base.predict(images, verbose=0)}
live = {way: {1.0: [], 0.0: []} for way in ways}
for similarity in (1.0, 0.0):
    new_set = draw_many(("cat", "dog"), 100, seed=500, similarity=similarity)
    for seed in (300, 301):
        train_set = draw_many(("cat", "dog"), 40, seed=seed, similarity=similarity)
        for way, describe in ways.items():
            live[way][similarity].append(new_head_score(train_set, new_set, describe))

# %% name="live-plot"
show_live_beside_reference(live, size=40)
gains = {each: np.mean(live["frozen"][each]) - np.mean(live["pixels"][each]) for each in (1.0, 0.0)}
assert gains[1.0] > 0.2 and gains[1.0] > gains[0.0] + 0.1

# %% [markdown] name="chart" lang="en"
# Here likeness decides what the frozen base is worth. The course keeps more runs of this experiment: three sizes, three
# similarities, and also fine-tuning and a small network from scratch.
#
# Before you move the sliders: in how many of the nine fields does the frozen base lead? Where does starting from nothing?

# %% [markdown] name="chart" lang="tr" en="ef28a1da"
# Burada dondurulmuş temel modelin ne kadar işe yarayacağını benzerlik belirler. Kurs, bu deneyin daha kapsamlı
# sonuçlarını da saklıyor: üç büyüklük, üç benzerlik, ayrıca ince ayar ve sıfırdan eğitilen küçük bir ağ.
#
# Kaydırıcıları oynatmadan önce tahmin edin: dondurulmuş temel model dokuz kutunun kaçında öndedir? Sıfırdan başlamak
# nerede öndedir?

# %% name="strategy-chart"
controls = {message("strategy.size"): (10, 40, 160), message("strategy.similarity"): (0.0, 0.5, 1.0)}
explore(draw_strategy, controls, start=(10, 1.0))
leaders = {field: ranked(runs)[0] for field, runs in reference_runs().items()}
assert leaders[10, 1.0] == "frozen" and "scratch_small" not in leaders.values()

# %% [markdown] name="task-way" lang="en" tags=["task"]
# The runs bear the table out in part: the frozen base leads with few pictures like its own. Elsewhere fine-tuning leads,
# not always clearly; the small network from scratch leads nowhere, not even on engravings.
#
# **Task.** A bakery has ten photographs of each of its breads and a model pretrained on everyday photographs, bread not
# among its classes. Which way is worth trying first: `"as it is"`, `"feature extraction"` or `"fine-tuning"`?
#
# - [?] Can the old head name a class that it has never had?
# - [?] Which row and which column of the table is the bakery in?

# %% [markdown] name="task-way" lang="tr" en="18a8015f" tags=["task"]
# Ölçümler tabloyu kısmen doğruluyor: resimler azsa ve temel modelin kendi resimlerine benziyorsa dondurulmuş temel
# model önde. Başka yerlerde, her zaman açık farkla olmasa da, ince ayar önde; sıfırdan eğitilen küçük ağ ise hiçbir
# yerde önde değil, gravürlerde bile.
#
# **Görev.** Bir fırıncının elinde ekmek çeşitlerinin onar fotoğrafı ve gündelik fotoğraflarla önceden eğitilmiş bir model
# var; ekmek, modelin sınıfları arasında değil. Önce hangi yol denenmeli? `"as it is"` (olduğu gibi), `"feature extraction"`
# (öznitelik çıkarma) ya da `"fine-tuning"` (ince ayar) yazın.
#
# - [?] Eski başlık, hiç tanımadığı bir sınıfı adlandırabilir mi?
# - [?] Fırıncının durumu tablonun hangi satırına, hangi sütununa düşüyor?

# %% name="check-way" tags=["exact"]
my_way = None
check("01", "task-way", my_way, lambda answer: answer.strip().lower() == "feature extraction")

# %% [markdown] name="restraint" lang="en"
# ## Why big networks need restraint
#
# Borrowed networks are large, and we often have little data. A network that is large for its data can learn the pictures
# by heart instead of learning what they have in common: **overfitting**. We provoke it on purpose, with 400 small pictures
# of two kinds of things.
#
# Each picture, shrunk to 16×16 pixels, is one row of numbers. Two **dense layers** of 512 neurons read it, each followed by
# a **dropout** layer, `Dropout`, which we come to below; at rate 0 it does nothing. The sign of the last neuron's logit
# decides. What do you guess: how many parameters are there for each picture?

# %% [markdown] name="restraint" lang="tr" en="b9802b10"
# ## Büyük ağlar neden dizginlenmeli?
#
# Ödünç aldığımız ağlar büyük, verimiz ise çoğu zaman azdır. Verisine göre büyük bir ağ, resimlerin ortak yanlarını
# öğrenmek yerine resimlerin kendisini ezberleyebilir: buna **aşırı öğrenme** (overfitting) denir. Bunu, iki tür nesneyi
# gösteren 400 küçük resimle, bilerek ortaya çıkarıyoruz.
#
# 16×16 piksele küçültülen her resim, sayılardan oluşan bir satırdır. Bu satırı, her biri 512 nöronlu iki **yoğun
# katman** (dense layer) okur. Her katmanın ardından, az sonra anlatacağımız **seyreltme** (dropout) katmanı, yani
# `Dropout` gelir; oran 0 ise hiçbir şey yapmaz. Kararı son nöronun verdiği logitin işareti belirler. Tahmininiz nedir:
# resim başına kaç parametre düşüyor?

# %% name="data"
train_pictures, validation_pictures = two_kinds(edition)
captions = [class_name(train_pictures.class_names[label]) for label in train_pictures.labels[:6]]
show_pictures(train_pictures.images[:6], captions, message("dropout.gallery"))
train = small_pixels(train_pictures.images, 16), train_pictures.labels
validation = small_pixels(validation_pictures.images, 16), validation_pictures.labels
print(train[0].shape, validation[0].shape)


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


network = dense_network(train[0].shape[1], rate=0.5, seed=0)

# %% name="parameters" tags=["exact"]
counts = {"parameters": network.count_params(), "pictures": len(train[1])}
counts["times"] = counts["parameters"] // counts["pictures"]
print(message("dropout.parameters", **{name: number(value) for name, value in counts.items()}))
assert counts["times"] > 1000

# %% [markdown] name="measure" lang="en"
# ### Measure as the network is used
#
# The **loss** (cross-entropy) is minus the logarithm of the probability given to the true class, averaged over the
# pictures; a confident mistake costs much. The network learns from the **training set**, never from the **validation
# set**. A **seed** fixes the random start.
#
# Keras measures training loss with dropout *on* and validation with dropout *off*; comparing the two would be unfair. So
# after each pass over the data, an **epoch**, we measure both with dropout off.
#
# First without dropout, from three seeds; we look at one. How will the training curves end, and the validation curves?

# %% [markdown] name="measure" lang="tr" en="54e6f28a"
# ### Ağ nasıl kullanılıyorsa öyle ölçmek
#
# **Kayıp** (loss), burada çapraz entropi (cross-entropy), doğru sınıfa verilen olasılığın logaritmasının eksi
# işaretlisidir; resimler üzerinden ortalaması alınır. Kendinden emin bir hata pahalıya mal olur. Ağ, **eğitim
# kümesinden** (training set) öğrenir, **doğrulama kümesinden** (validation set) hiçbir zaman öğrenmez. **Tohum değeri**
# (seed) rastgele başlangıcı sabitler.
#
# Keras eğitim kaybını seyreltme *açıkken*, doğrulama kaybını *kapalıyken* ölçer; ikisini karşılaştırmak adil olmaz. Bu
# yüzden veri üzerinden her geçişin, yani her **dönemin** (epoch) sonunda ikisini de seyreltme kapalıyken ölçeriz.
#
# Önce seyreltme olmadan, üç tohum değeriyle eğitiyor, birine bakıyoruz. Eğitim eğrileri nerede biter, doğrulama
# eğrileri nerede?


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


# %% name="without"
SEEDS = (0, 1, 2)
without = [train_network(0.0, seed, train, validation) for seed in SEEDS]
show_learning_curves(without[0])
assert without[0]["accuracy"][-1] > without[0]["val_accuracy"][-1]

# %% [markdown] name="dropout-idea" lang="en"
# ### Neurons that lean on one another
#
# In an overfitted network, neurons may lean on one another: one makes a mistake, another mends it, and the pair works only
# for pictures it has seen.
#
# **Dropout** breaks up such pairs. At each training step it switches off a random share of the neurons, so each must be
# useful without the others.

# %% [markdown] name="dropout-idea" lang="tr" en="820967bf"
# ### Birbirine yaslanan nöronlar
#
# Aşırı öğrenmiş bir ağda nöronlar birbirine yaslanabilir: biri hata yapar, öteki düzeltir; bu ikili de yalnızca gördüğü
# resimlerde işe yarar.
#
# **Seyreltme** böyle ikilileri dağıtır. Her eğitim adımında nöronların rastgele bir bölümünü kapatır; böylece her
# nöron, yanında hangi nöronlar olursa olsun işe yaramak zorunda kalır.

# %% name="dropout-figure"
draw_dropout(0.5, seed=1)

# %% [markdown] name="inference" lang="en"
# ### Off when the network is used
#
# Let us send ones through a dropout layer of rate 0.5. About half of them become 0. What happens to the others, so that the
# next layer receives about as much as before? And with `training=False`?

# %% [markdown] name="inference" lang="tr" en="127c6455"
# ### Ağ kullanılırken seyreltme kapalıdır
#
# Oranı 0,5 olan bir seyreltme katmanına yalnızca birlerden oluşan bir girdi verelim. Birlerin yaklaşık yarısı 0 olur.
# Sonraki katmana aşağı yukarı aynı miktar ulaşsın diye geri kalanlara ne olur? Ya `training=False` iken?

# %% name="dropout-off" tags=["exact"]
ones = np.ones((1, 10_000), dtype="float32")
layer = keras.layers.Dropout(0.5, seed=0)
in_training, in_use = np.asarray(layer(ones, training=True)), np.asarray(layer(ones, training=False))
print(np.unique(in_training), np.unique(in_use))
assert np.array_equal(in_use, ones)
assert abs(in_training.mean() - ones.mean()) < 0.05

# %% [markdown] name="task-scale" lang="en" tags=["task"]
# The survivors grow, so the mean stays about the same. In use the layer changes nothing at all.
#
# **Task.** With rate 0.8, what does a 1 become if it survives?
#
# - [?] At rate 0.5 half of them survive, and each one doubles.
# - [?] Which share survives at rate 0.8? The mean must stay 1.

# %% [markdown] name="task-scale" lang="tr" en="407eb2af" tags=["task"]
# Kapatılmayanlar büyür, böylece ortalama aşağı yukarı aynı kalır. Ağ kullanılırken ise katman hiçbir şeyi değiştirmez.
#
# **Görev.** Oran 0,8 iken kapatılmayan bir 1 kaç olur?
#
# - [?] Oran 0,5 iken birlerin yarısı kalır ve her biri iki katına çıkar.
# - [?] Oran 0,8 iken ne kadarı kalır? Ortalama 1 olarak kalmalıdır.

# %% name="check-scale" tags=["exact"]
my_survivor = None
survivor = np.asarray(keras.layers.Dropout(0.8, seed=0)(ones, training=True)).max()
check("01", "task-scale", my_survivor, lambda answer: np.isclose(answer, survivor))

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
# Ağ aynı, tohum değerleri aynı, resimler aynı; yalnızca oran bu kez 0,5. Ölçütümüz artık **kayıp farkı**: doğrulama
# kaybı eksi eğitim kaybı. Bu fark, ağın yeni resimlerde, öğrendiği resimlere göre ne kadar daha kötü olduğunu gösterir.
#
# Sizce fark nasıl değişecek? Ya doğrulama doğruluğu (accuracy)?


# %% name="with-dropout"
def loss_gap(history):
    return history["val_loss"][-1] - history["loss"][-1]


with_dropout = [train_network(0.5, seed, train, validation) for seed in SEEDS]
show_dropout_curves(without, with_dropout)
for before, after in zip(without, with_dropout):
    assert loss_gap(after) < loss_gap(before)
    assert after["loss"][-1] > before["loss"][-1]
assert np.mean([history["val_loss"][-1] - min(history["val_loss"]) for history in without]) > 0

# %% [markdown] name="what-it-buys" lang="en"
# A smaller gap is not a higher accuracy. A lower validation loss at the same accuracy means better judged certainty.
#
# Part of the smaller gap is only slower learning: with dropout the training curve ends higher. And without dropout
# validation loss ends, on average, above its lowest point; stopping there may do as well.
#
# ### As the data grow
#
# Now with fewer pictures: 25 and 100 of them, repeated so that each network takes the same number of training steps, and
# with two of the seeds. Where will the gap be widest? And can dropout rescue a network that sees only 25 pictures?

# %% [markdown] name="what-it-buys" lang="tr" en="d3bcbff6"
# Farkın küçülmesi, doğruluğun yükselmesi demek değildir. Doğruluk aynıyken doğrulama kaybının düşmesi, ağın ne kadar
# emin olabileceğini daha iyi kestirdiğini gösterir.
#
# Farktaki küçülmenin bir bölümü, yalnızca daha yavaş öğrenmenin sonucudur: seyreltmeyle eğitim eğrisi daha yukarıda
# biter. Ayrıca seyreltme olmadan doğrulama kaybı, ortalamada, en düşük noktasının üzerinde biter; eğitimi o noktada
# durdurmak da aynı işi görebilir.
#
# ### Veri arttıkça
#
# Şimdi daha az resimle, tohum değerlerinin ikisiyle eğitiyoruz: 25 ve 100 resim. Her ağ aynı sayıda eğitim adımı atsın
# diye resimleri yineliyoruz. Fark kaç resimde en büyük olur? Seyreltme, yalnızca 25 resim gören bir ağı kurtarabilir mi?


# %% name="by-size"
def first_pictures(examples, size, seed):
    inputs, labels = examples
    chosen = np.resize(np.random.default_rng(seed).permutation(len(labels))[:size], len(labels))
    return inputs[chosen], labels[chosen]


gaps = {0.0: {}, 0.5: {}}
for rate, finished in ((0.0, without), (0.5, with_dropout)):
    for size in (25, 100):
        chosen = [first_pictures(train, size, seed) for seed in SEEDS[:2]]
        histories = [train_network(rate, seed, few, validation) for seed, few in zip(SEEDS, chosen)]
        gaps[rate][size] = [loss_gap(history) for history in histories]
    gaps[rate][len(train[1])] = [loss_gap(history) for history in finished]

# %% name="by-size-plot"
show_gap_by_size(gaps[0.0], gaps[0.5])
for by_size in gaps.values():
    means = [np.mean(values) for values in by_size.values()]
    assert means[0] > means[1] > means[2]

# %% [markdown] name="more-restraint" lang="en"
# Both axes are logarithmic. More pictures shrink the gap; the first sentence under the plot says whether dropout can
# rescue the smallest set.
#
# ### As the rate grows
#
# If half is good, is more better? The course keeps mini-edition runs for rates from 0 to 0.8. Predict: what happens to
# training loss, and where is validation loss lowest?

# %% [markdown] name="more-restraint" lang="tr" en="cf11d7df"
# İki eksen de logaritmiktir. Resim sayısı arttıkça fark küçülür; seyreltmenin en küçük kümeyi kurtarıp kurtarmadığını
# grafiğin altındaki ilk cümle söyler.
#
# ### Oran yükseldikçe
#
# Yarısını kapatmak iyiyse daha fazlasını kapatmak daha mı iyidir? Kurs, mini sürümde 0'dan 0,8'e kadar oranlarla
# yapılmış eğitimleri saklıyor. Tahmin edin: eğitim kaybına ne olur, doğrulama kaybı hangi oranda en düşüktür?

# %% name="by-rate"
from tl_helpers.dropout_rates import draw_rate, rate_runs

runs = rate_runs()
show_loss_by_rate(runs)
assert np.mean([history["accuracy"][-1] for history in runs[0.8]]) < 0.9
explore(draw_rate, {message("dropout_rates.slider"): list(runs)}, start=(0.5,))

# %% [markdown] name="too-much" lang="en"
# Too little restraint, and the network learns by heart. Too much, and after the same number of epochs it has not even
# learned the training pictures well: **underfitting**. With more epochs it can still catch up, so rate and epochs belong
# together. The validation set helps us choose both.

# %% [markdown] name="too-much" lang="tr" en="34a4e5dc"
# Ağı az dizginlersek ezberler. Çok dizginlersek aynı sayıda dönemin sonunda eğitim resimlerini bile iyi öğrenememiş
# olur: buna **eksik öğrenme** (underfitting) denir. Daha çok dönemle arayı kapatabilir; bu yüzden oranı ve dönem
# sayısını birlikte düşünmek gerekir. İkisini de seçerken doğrulama kümesi bize yol gösterir.

# %% [markdown] name="mistake-training" lang="en" tags=["task"]
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
# - [?] What does the dropout layer do at each training step?
# - [?] We have seen a value with which the ones came out unchanged.

# %% [markdown] name="mistake-training" lang="tr" en="a7a1e1eb" tags=["task"]
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
# - [?] Seyreltme katmanı her eğitim adımında ne yapar?
# - [?] Birlerin hiç değişmeden çıktığı bir değer görmüştük.

# %% name="check-mistake" tags=["exact"]
my_training = None
picture_twice = np.repeat(train[0][:1], 2, axis=0)
assert np.ptp(network(picture_twice, training=True)) > 1e-3
check("01", "mistake-training", my_training, lambda answer: np.ptp(network(picture_twice, training=answer)) < 1e-3)

# %% [markdown] name="quiz" lang="en"
# ## Quiz
#
# Choose an answer, then read why it is right or not.

# %% [markdown] name="quiz" lang="tr" en="e31d3b87"
# ## Kısa sınav
#
# Bir yanıt seçin, sonra neden doğru ya da yanlış olduğunu okuyun.

# %% [markdown] name="quiz-features" lang="en" tags=["quiz"]
# Which features are the likeliest to serve another task?
#
# - [ ] Those of the last layers
#   No: they are made for their own task.
# - [x] Those of the early layers
#   Yes: edges and textures occur in almost any picture.
# - [ ] None, each task needs its own
#   No: edges occur in both cats and umbrellas, and one filter outlined both.

# %% [markdown] name="quiz-features" lang="tr" en="e0027115" tags=["quiz"]
# Hangi öznitelikler büyük olasılıkla başka bir görevde de işe yarar?
#
# - [ ] Son katmanlardakiler
#   Hayır: onlar kendi görevleri için oluşmuştur.
# - [x] İlk katmanlardakiler
#   Evet: kenarlar ve dokular hemen hemen her resimde vardır.
# - [ ] Hiçbiri, her göreve kendi öznitelikleri gerekir
#   Hayır: kenarlar kedilerde de şemsiyelerde de vardır; tek bir filtre ikisinin de dış çizgilerini buldu.

# %% [markdown] name="quiz-ways" lang="en" tags=["quiz"]
# What do feature extraction and fine-tuning have in common?
#
# - [x] Both train a new head
#   Yes: the new task has classes of its own.
# - [ ] Both leave the base untouched
#   No: fine-tuning trains the base, or part of it, gently.
# - [ ] Neither trains anything
#   No: that is the model used as it is.

# %% [markdown] name="quiz-ways" lang="tr" en="00f92570" tags=["quiz"]
# Öznitelik çıkarma ile ince ayarın ortak yanı nedir?
#
# - [x] İkisi de yeni bir başlık eğitir
#   Evet: yeni görevin kendi sınıfları vardır.
# - [ ] İkisi de temel modele dokunmaz
#   Hayır: ince ayar, temel modelin tümünü ya da bir bölümünü hafifçe eğitir.
# - [ ] İkisi de hiçbir şey eğitmez
#   Hayır: bu, modeli olduğu gibi kullanmaktır.

# %% [markdown] name="quiz-gap" lang="en" tags=["quiz"]
# With dropout the gap is smaller **and the validation loss lower**, but validation accuracy is the same. What have we
# gained?
#
# - [ ] Nothing
#   Not quite: the validation loss counts as well, and it punishes unearned certainty.
# - [ ] A faster network
#   No: in use every neuron works, as before.
# - [x] Probabilities that are nearer the truth
#   Yes: the same number of mistakes, but less unearned certainty.

# %% [markdown] name="quiz-gap" lang="tr" en="15165724" tags=["quiz"]
# Seyreltmeyle fark küçüldü **ve doğrulama kaybı düştü**, ama doğrulama doğruluğu aynı kaldı. Ne kazandık?
#
# - [ ] Hiçbir şey
#   Pek öyle değil: doğrulama kaybı da önemlidir; hak edilmemiş özgüveni cezalandırır.
# - [ ] Daha hızlı bir ağ
#   Hayır: ağ kullanılırken bütün nöronlar eskisi gibi çalışır.
# - [x] Gerçeğe daha yakın olasılıklar
#   Evet: hata sayısı aynı, ama hak edilmemiş özgüven daha az.

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
# - told apart the three ways to use a pretrained model, showed one as it is things that it knows and one that it never
#   had, and measured which way leads for how many pictures and how like the source they are;
# - measured over several seeds what dropout does to a network that is large for its data, and what more data and higher
#   rates change.
#
# **Read on:** [Dropout](https://jmlr.org/papers/v15/srivastava14a.html) (Srivastava and others, 2014),
# [How transferable are features?](https://arxiv.org/abs/1411.1792) (Yosinski and others, 2014),
# [transfer learning in the Keras guides](https://keras.io/guides/transfer_learning/).

# %% [markdown] name="recap" lang="tr" en="2b13fd1a"
# ## Bu derste…
#
# - bir görevden ötekine geçmenin ne zaman anlamlı olduğunu, ne zaman olmadığını bir denetim listesi ve beş durum
#   üzerinde söyledik;
# - önceden eğitilmiş bir modeli kullanmanın üç yolunu ayırt ettik, olduğu gibi kullanılan bir modele tanıdığı şeyleri
#   ve hiç görmediği bir şeyi gösterdik, resim sayısına ve resimlerin kaynağa benzerliğine göre hangi yolun önde
#   olduğunu ölçtük;
# - verisine göre büyük bir ağda seyreltmenin ne yaptığını, daha çok verinin ve daha yüksek oranların neyi
#   değiştirdiğini birkaç tohum değeriyle ölçtük.
#
# **Okumaya devam:** [Seyreltme](https://jmlr.org/papers/v15/srivastava14a.html) (Srivastava ve diğerleri, 2014),
# [Öznitelikler ne kadar aktarılabilir?](https://arxiv.org/abs/1411.1792) (Yosinski ve diğerleri, 2014), [Keras
# kılavuzlarında transfer öğrenimi](https://keras.io/guides/transfer_learning/).
