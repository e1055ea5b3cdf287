# %% [markdown] name="the-question" lang="en"
# ## Which base, for whom?
#
# Two families of base models are found everywhere. **MobileNet** was made for phones: few multiplications.
# **Inception** was made to look at a picture through windows of several sizes at once.
#
# Which one should carry your head? "The best" has no answer before we know for whom: for a phone, for a page in a
# browser, for a server. Write down two guesses now: which base will be more accurate on cats and dogs, and which will be
# faster on this machine?
#
# Both come pretrained and want pixels from -1 to 1. Where the second's weights cannot be had, the lesson says so and goes
# on with variants of the first.

# %% [markdown] name="the-question" lang="tr" en="0479b29d"
# ## Kimin için hangi temel model?
#
# İki temel model ailesine her yerde rastlanır. **MobileNet** telefonlar için tasarlandı: az çarpma işlemi.
# **Inception** ise bir resme aynı anda birkaç boyda pencereden bakmak için tasarlandı.
#
# Sınıflandırma başlığınızı hangisi taşısın? Kimin için olduğunu bilmeden "en iyisi" diye bir yanıt yoktur: telefon için mi,
# tarayıcıdaki bir sayfa için mi, sunucu için mi? Şimdi iki tahmin yazın: kediler ile köpeklerde hangi temel model daha
# doğru olacak, bu makinede hangisi daha hızlı çalışacak?
#
# İkisi de önceden eğitilmiştir ve -1 ile 1 arasında pikseller ister. İkincisinin ağırlıkları bulunamazsa ders bunu
# söyler, birincinin başka biçimleriyle sürer.

# %% name="imports"
import time

import keras
import numpy as np
from scipy.stats import binomtest

from tl_helpers.base_models import load_available, parameter_counts, preprocessing
from tl_helpers.costs import multiply_adds, peak_activations
from tl_helpers.deployment_plots import comparison_title, read_foretelling, read_integers, show_front, show_table
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.export import load_tflite, run_tflite, to_int8, to_tflite
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import load_pictures
from tl_helpers.results import show_results
from tl_helpers.session import fix_seeds

# %% name="load"
splits = load_pictures("cats_and_dogs", edition)
train, validation, test = splits.train, splits.validation, splits.test
bases = load_available(("MobileNetV2", "InceptionV3"), edition)
preprocess = preprocessing("MobileNetV2")

# %% name="bases" tags=["exact"]
for name, base_model in bases.items():
    assert preprocessing(name).get_config() == preprocess.get_config()
    shown = {"parameters": number(base_model.count_params()), "map": base_model.output_shape[1:]}
    print(message("deployment.base_parts", name=name, **shown))

# %% [markdown] name="mobilenet-block" lang="en"
# ## MobileNet: narrow, wide, narrow
#
# An ordinary convolution does two things at once: it looks around, and it mixes channels. MobileNet does one after the
# other. A **depthwise convolution** looks around, in each channel on its own; 1×1 convolutions mix the channels.
#
# MobileNetV2 widens before it looks and narrows afterwards; the shortcut joins the narrow ends. So the block is called
# an **inverted residual**.

# %% [markdown] name="mobilenet-block" lang="tr" en="1ee5deae"
# ## MobileNet: dar, geniş, dar
#
# Sıradan bir evrişim iki işi birden yapar: çevreye bakar ve kanalları karıştırır. MobileNet bunları art arda yapar.
# **Derinlemesine evrişim** (depthwise convolution) her kanalda ayrı ayrı çevreye bakar; kanalları 1×1 evrişimler
# karıştırır.
#
# MobileNetV2 bakmadan önce genişler, sonra daralır; kestirme yol dar uçları birleştirir. Bloğun adı bu yüzden **ters
# artık blok**tur (inverted residual).

# %% name="draw-block"
from tl_helpers.block_figures import draw_factorisation, draw_inception_module, draw_mobilenet_block

draw_mobilenet_block(bases["MobileNetV2"], block=2)

# %% [markdown] name="inception-module" lang="en"
# ## Inception: several looks at once
#
# How large is a nose in the picture? It depends. So Inception looks through windows of several sizes side by side, and
# lets the next layer choose. Before each large window stands a 1×1 convolution with few filters, a **bottleneck**:
# it thins the channels out, so that the large window costs little.
#
# Read the numbers of channels in the first drawing. How many come out on top, and why? The second shows a trick of later
# modules: a large window **factorised** into a row and a column.

# %% [markdown] name="inception-module" lang="tr" en="a9c49124"
# ## Inception: aynı anda birkaç bakış
#
# Resimdeki bir burun ne kadar büyüktür? Duruma göre değişir. Bu yüzden Inception yan yana birkaç boyda pencereden
# bakar ve seçimi sonraki katmana bırakır. Her büyük pencereden önce az filtreli bir 1×1 evrişim, yani bir **darboğaz**
# (bottleneck) durur: kanalları seyreltir, böylece büyük pencere ucuza gelir.
#
# Birinci çizimdeki kanal sayılarını okuyun. Üstten kaç kanal çıkıyor, neden? İkinci çizim daha sonraki modüllerin bir
# çözümünü gösteriyor: bir satır ile bir sütuna **ayrıştırılmış** (factorised) büyük bir pencere.

# %% name="draw-module"
filters = (32, 32, 48, 12, 24, 24)
draw_inception_module(112, filters)
draw_factorisation(7)

# %% [markdown] name="by-hand" lang="en"
# ### Build one by hand
#
# Every branch is made of the same three layers: a convolution, batch normalisation, and ReLU. The module is four such
# branches and one line that puts them side by side.
#
# Is it the module of the course's own Inception network? We cut that module out of the network, give both the same random
# weights, and ask both about the same random feature map.

# %% [markdown] name="by-hand" lang="tr" en="b1c7ce2e"
# ### Bir tanesini elle kurmak
#
# Her dal aynı üç katmandan oluşur: evrişim, yığın normalleştirme (batch normalization) ve ReLU. Modül, böyle dört dal
# ile onları yan yana getiren bir satırdır.
#
# Bu, kursun kendi Inception ağındaki modül mü? O modülü ağdan kesip alıyor, ikisine de aynı rastgele ağırlıkları veriyor,
# ikisine de aynı rastgele öznitelik haritasını soruyoruz.


# %% name="convolution"
def convolution(inputs, filters, window, name, strides=1):
    features = keras.layers.Conv2D(
        filters, window, strides=strides, padding="same", use_bias=False, name=f"{name}_conv"
    )(inputs)
    features = keras.layers.BatchNormalization(name=f"{name}_bn")(features)
    return keras.layers.ReLU(name=name)(features)


# %% name="module"
def inception_module(inputs, filters, name):
    ones, threes_reduce, threes, fives_reduce, fives, projection = filters
    branch_1x1 = convolution(inputs, ones, 1, f"{name}_1x1")
    branch_3x3 = convolution(inputs, threes_reduce, 1, f"{name}_3x3_reduce")
    branch_3x3 = convolution(branch_3x3, threes, 3, f"{name}_3x3")
    branch_5x5 = convolution(inputs, fives_reduce, 1, f"{name}_5x5_reduce")
    branch_5x5 = convolution(branch_5x5, fives, 5, f"{name}_5x5")
    branch_pool = keras.layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(inputs)
    branch_pool = convolution(branch_pool, projection, 1, f"{name}_pool_projection")
    return keras.layers.Concatenate(name=name)([branch_1x1, branch_3x3, branch_5x5, branch_pool])


# %% name="module-equal" tags=["exact"]
from tl_helpers.inception import inception_network

network = inception_network()
theirs = keras.Model(network.get_layer("mixed_0").output, network.get_layer("mixed_1").output)
inputs = keras.Input(theirs.input_shape[1:])
ours = keras.Model(inputs, inception_module(inputs, filters, "mixed_1"))
rng = np.random.default_rng(0)
for layer in [layer for layer in theirs.layers if layer.weights]:
    layer.set_weights([rng.uniform(0.5, 1.5, weight.shape) for weight in layer.weights])
    ours.get_layer(layer.name).set_weights(layer.get_weights())
feature_map = rng.normal(size=(2, 12, 12, 112)).astype("float32")
np.testing.assert_allclose(ours(feature_map), theirs(feature_map), rtol=1e-5)
print(message("deployment.module_equal", shape=ours.output_shape[1:]))

# %% [markdown] name="count" lang="en"
# ### What the tricks save
#
# The work of a convolution is counted in **multiply–adds**: one multiplication and one addition for every weight, at
# every position of the map. What does each trick save: the bottleneck before a 5×5 window, a 7×7 window factorised into a
# row and a column, and MobileNet's depthwise convolution? Guess before you count.

# %% [markdown] name="count" lang="tr" en="80d0d4f9"
# ### Bu çözümlerin kazandırdığı
#
# Bir evrişimin işi **çarpma-toplama** (multiply–add) ile sayılır: haritanın her konumunda, her ağırlık için bir çarpma
# ile bir toplama. Her çözüm ne kazandırır: 5×5 pencereden önceki darboğaz, bir satır ile bir sütuna ayrıştırılmış 7×7
# pencere ve MobileNet'in derinlemesine evrişimi? Saymadan önce tahmin edin.

# %% name="savings" tags=["exact"]
from keras.layers import Conv2D, DepthwiseConv2D


def count(channels, *layers):
    return multiply_adds(keras.Sequential([keras.Input((12, 12, channels)), *layers]))


same = {"padding": "same"}
fives, sevens = (Conv2D(24, 5, **same), Conv2D(64, 7, **same))
rows_and_columns = (Conv2D(64, (1, 7), **same), Conv2D(64, (7, 1), **same))
tricks = {
    "bottleneck": (count(112, fives), count(112, Conv2D(12, 1), Conv2D(24, 5, **same))),
    "factorised": (count(64, sevens), count(64, *rows_and_columns)),
    "separable": (count(64, Conv2D(64, 3, **same)), count(64, DepthwiseConv2D(3, **same), Conv2D(64, 1))),
}

# %% name="print-savings" tags=["exact"]
for name, (before, after) in tricks.items():
    shown = {"before": number(before), "after": number(after), "times": number(before / after, 1)}
    print(message("deployment.savings", name=message(f"deployment.{name}"), **shown))
    assert after < before

# %% [markdown] name="task-bottleneck" lang="en" tags=["task"]
# **Task.** A 3×3 convolution takes a map of 12×12 positions from 64 channels to 64 channels, without a bias. How many
# multiply–adds does it need? Write a formula.
#
# - [?] A single output value looks at 3×3 positions of every channel that enters.
# - [?] Multiply: positions of the map, values that one output looks at, channels that leave.

# %% [markdown] name="task-bottleneck" lang="tr" en="dad6edb8" tags=["task"]
# **Görev.** Bir 3×3 evrişim, 12×12 konumlu bir haritayı yanlılık terimi olmadan 64 kanaldan 64 kanala götürüyor. Kaç
# çarpma-toplama gerekir? Bir formülle yazın.
#
# - [?] Tek bir çıkış değeri, giren her kanalın 3×3 konumuna bakar.
# - [?] Şunları çarpın: haritanın konumları, bir çıkışın baktığı değerler, çıkan kanallar.

# %% name="check-bottleneck" tags=["exact"]
from tl_helpers.tasks import check

my_count = None
check("06", "task-bottleneck", my_count, lambda answer: answer == tricks["separable"][0])

# %% [markdown] name="fair" lang="en"
# ## A fair comparison
#
# Each trick replaces one expensive convolution by two cheap ones that see as far. Whether they are as good, data must say.
#
# Same pictures, same head, same number of epochs, same three seeds; each seed takes another 80 % of the training
# pictures. A base need not be used whole, either: we add a **short** variant of each, cut where everything flows
# through one layer.
#
# What do the last layers bring, and what do they cost? Look at the dots before the bars: where the dots of two networks
# mix, three seeds cannot tell them apart.

# %% [markdown] name="fair" lang="tr" en="3c1f1240"
# ## Adil bir karşılaştırma
#
# Her çözüm, pahalı bir evrişimin yerine eşit uzaklığı gören iki ucuz evrişim koyar. Bunların aynı ölçüde iyi olup
# olmadığını veri söyler.
#
# Aynı resimler, aynı başlık, aynı sayıda dönem (epoch), aynı üç tohum değeri; her tohum değeri eğitim resimlerinin
# başka bir %80'lik bölümünü alır. Temel modeli bütün olarak kullanmak da şart değil: her birinin, her şeyin tek bir
# katmandan geçtiği yerden kesilmiş **kısa** bir biçimini ekliyoruz.
#
# Son katmanlar ne kazandırıyor, neye mal oluyor? Çubuklardan önce noktalara bakın: iki ağın noktaları birbirine
# karışıyorsa üç tohum değeri onları ayırt edemez.

# %% name="networks" tags=["exact"]
from tl_helpers.splitting import split_at

cuts = {"MobileNetV2": "block_13_project_BN", "InceptionV3": "mixed_4" if edition.name == "mini" else "mixed7"}
networks = {}
for name, base_model in bases.items():
    family = name.removesuffix("V3")
    networks[family] = base_model
    networks[message("deployment.short", name=family)] = split_at(base_model, cuts[name])[0]
columns = ("parameters", "multiply_adds", "activations")
work = {name: multiply_adds(network) for name, network in networks.items()}
kept = {name: peak_activations(network) for name, network in networks.items()}
parameters = {name: sum(parameter_counts(network).values()) for name, network in networks.items()}
rows = {name: [number(values[name]) for values in (parameters, work, kept)] for name in networks}
show_table([message(f"deployment.{column}") for column in columns], rows)

# %% [markdown] name="activations" lang="en"
# Parameters say how much must be stored, multiply–adds how much must be computed. The last column says how many values
# must be in memory *at once* while a picture passes, at the worst moment. It counts feature maps only, not what an
# engine needs for itself. Compare the columns: does the same network win in all three?

# %% [markdown] name="activations" lang="tr" en="e7ba2fad"
# Parametreler ne kadar şeyin saklanacağını, çarpma-toplamalar ne kadar hesap yapılacağını söyler. Son sütun, bir resim
# geçerken en kötü anda *aynı anda* kaç değerin bellekte durması gerektiğini söyler. Yalnızca öznitelik haritalarını
# sayar, motorun kendisine gerekeni değil. Sütunları karşılaştırın: üçünde de aynı ağ mı önde?

# %% name="heads"
from tl_helpers.features import extract_features
from tl_helpers.transfer import train_head

scores, heads, held_out = {name: [] for name in networks}, {}, {}
for name, network in networks.items():
    train_features = extract_features(network, preprocess, train.images)
    held_out[name] = extract_features(network, preprocess, validation.images)
    for seed in range(3):
        fix_seeds(seed)
        chosen = np.sort(np.random.default_rng(seed).permutation(len(train))[: int(0.8 * len(train))])
        head, _ = train_head(train_features[chosen], train.labels[chosen], learning_rate=3e-3)
        logits = head(held_out[name]).numpy()
        scores[name].append(accuracy(validation.labels, predicted_classes(logits)))
        heads.setdefault(name, head)

# %% name="comparison"
from tl_helpers.plots import show_comparison

show_comparison(scores, comparison_title(scores), message("deployment.accuracy_axis"))
assert all(np.mean(runs) > 0.75 for runs in scores.values())

# %% [markdown] name="export" lang="en"
# ## Files for a phone
#
# A phone runs neither Keras nor Python. We write each network with its head as a **TFLite** file, twice: with its
# numbers as they are (float32), and after **quantization** to integers of 8 bits (int8). A scale for each tensor says what
# one integer step means; the ranges come from 100 training pictures. Nothing is trained again.
#
# The float32 file must give the logits of Keras; int8 gives slightly different ones, and what counts is whether an
# *answer* changes. How much smaller will the file be, how much accuracy will it cost?

# %% [markdown] name="export" lang="tr" en="64cf5e8d"
# ## Telefon için dosyalar
#
# Telefonda ne Keras ne Python çalışır. Her ağı, başlığıyla birlikte, iki kez **TFLite** dosyası olarak yazıyoruz: bir
# kez sayıları olduğu gibi (float32), bir kez de 8 bitlik tam sayılara **nicemleme** (quantization) ile (int8). Her
# tensörün bir ölçeği, bir tam sayı adımının ne anlama geldiğini söyler; aralıklar 100 eğitim resminden gelir. Hiçbir şey
# yeniden eğitilmez.
#
# Float32 dosyası Keras'ın logitlerini vermelidir; int8 biraz farklı logitler verir, önemli olan bir *yanıtın* değişip
# değişmediğidir. Dosya ne kadar küçülecek, doğruluk ne kadar düşecek?

# %% name="files"
files = {}
for name, network in networks.items():
    inputs = keras.Input(network.input_shape[1:])
    features = keras.layers.GlobalAveragePooling2D()(network(preprocess(inputs), training=False))
    model = keras.Model(inputs, heads[name](features))
    files[message("deployment.floats", name=name)] = to_tflite(model)
    files[message("deployment.integers", name=name)] = to_int8(model, train.images[:100])
sizes = {name: len(content) for name, content in files.items()}  # bytes

# %% name="answers"
logits = {name: run_tflite(content, validation.images) for name, content in files.items()}
accuracies = {name: accuracy(validation.labels, predicted_classes(each)) for name, each in logits.items()}
pairs = {name: [message(f"deployment.{kind}", name=name) for kind in ("floats", "integers")] for name in networks}
for name, (floats, integers) in pairs.items():
    np.testing.assert_allclose(logits[floats], heads[name](held_out[name]), atol=5e-2)
    same = np.mean(predicted_classes(logits[floats]) == predicted_classes(logits[integers]))
    difference = number(np.abs(logits[floats] - logits[integers]).max(), 2)
    print(message("deployment.agreement", name=name, share=percent(same), difference=difference))
    assert same > 0.9 and sizes[integers] < 0.8 * sizes[floats]

# %% [markdown] name="latency" lang="en"
# ## How long does one answer take?
#
# **Latency** is the time from picture to answer. It must be *measured*, on the machine that will run the model. The
# first run is often slower, for it makes room in memory; and now and then something else on the machine gets in the way.
# So we leave out the first run and take the median of the others.

# %% [markdown] name="latency" lang="tr" en="fdeec2d1"
# ## Bir yanıt ne kadar sürer?
#
# **Gecikme** (latency), resimden yanıta kadar geçen süredir. Modeli çalıştıracak makinede *ölçülmesi* gerekir. İlk
# çalıştırma çoğu kez daha yavaştır, çünkü bellekte yer açar; arada bir makinedeki başka bir iş de araya girer. Bu yüzden ilk
# çalıştırmayı saymıyor, ötekilerin ortancasını alıyoruz.


# %% name="latency-function"
def latency(run, pictures, repeats=20):
    run(pictures)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(pictures)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


# %% name="measure"
at_1 = {name: latency(load_tflite(content), test.images[:1], 50) for name, content in files.items()}
at_32 = {name: latency(load_tflite(content, 32), test.images[:32], 5) / 32 for name, content in files.items()}

# %% name="integers"
for name, pair in pairs.items():
    file_sizes, shares, speeds = [[values[each] for each in pair] for values in (sizes, accuracies, at_1)]
    print(read_integers(name, file_sizes, shares, speeds))

# %% [markdown] name="foretell" lang="en"
# ### Do multiply–adds foretell latency?
#
# Take the network with the most multiply–adds and the one with the fewest. If the count were all that matters, times
# would have the same ratio. Do you expect that?

# %% [markdown] name="foretell" lang="tr" en="da859ef4"
# ### Çarpma-toplama sayısı gecikmeyi haber verir mi?
#
# Çarpma-toplaması en çok olan ağ ile en az olanı alın. Önemli olan yalnızca bu sayı olsaydı süreler de aynı oranda
# olurdu. Böyle mi bekliyorsunuz?

# %% name="ratios"
heavy, light = max(work, key=work.get), min(work, key=work.get)
for kind in ("floats", "integers"):
    names = [message(f"deployment.{kind}", name=name) for name in (heavy, light)]
    print(read_foretelling(*names, (work[heavy], work[light]), [at_1[name] for name in names]))

# %% [markdown] name="memory-bound" lang="en"
# The count leaves out how fast numbers come from memory. A depthwise convolution does little with each number that it
# fetches, so a processor often waits; a dense convolution uses each number many times. Integers are a quarter as
# large, and processors have instructions for many of them at once. That is why one measures.

# %% [markdown] name="memory-bound" lang="tr" en="ab5196b9"
# Sayım, sayıların bellekten ne hızla geldiğini hesaba katmaz. Derinlemesine evrişim, getirdiği her sayıyla az iş yapar;
# işlemci çoğu kez bekler. Sıradan evrişim ise her sayıyı defalarca kullanır. Tam sayılar dörtte bir yer kaplar ve
# işlemcilerin bunların birçoğunu birden işleyen komutları vardır. İşte bu yüzden ölçülür.

# %% name="table"
columns = ("accuracy", "file_size", "memory", "at_1", "at_32")
rows = {}
for name in networks:
    for file, bytes_each in zip(pairs[name], (4, 1)):
        memory = (sizes[file] + bytes_each * kept[name]) / 1e6  # MB: weights and feature maps
        texts = [percent(accuracies[file]), message("deployment.megabytes", size=number(sizes[file] / 1e6, 2))]
        texts.append(message("deployment.megabytes", size=number(memory, 2)))
        texts += [message("deployment.milliseconds", time=number(1000 * times[file], 2)) for times in (at_1, at_32)]
        rows[file] = texts
show_table([message(f"deployment.{column}") for column in columns], rows)

# %% [markdown] name="front" lang="en"
# ## The efficient front
#
# A model that is slower *and* less accurate than another is out. What remains is the **efficient front**: models that
# no other beats. Along it, more accuracy costs more time, and only the user can say what it is worth.
#
# How many of our models will remain?

# %% [markdown] name="front" lang="tr" en="680dd576"
# ## Verimlilik sınırı
#
# Başka bir modelden hem yavaş *hem de* daha az doğru olan model elenir. Kalanlar **verimlilik sınırını** (efficient
# front) oluşturur: başka hiçbir modelin geçemedikleri. Bu sınır boyunca daha çok doğruluk daha çok zaman ister; bunun
# neye değdiğini yalnızca kullanacak olan söyleyebilir.
#
# Modellerimizden kaç tanesi kalacak?


# %% name="front-function"
def efficient_front(costs, accuracies):
    models = list(zip(costs, accuracies, strict=True))
    front = []
    for model, (cost, share) in enumerate(models):
        rivals = [(c, s) for c, s in models if c <= cost and s >= share]
        if all(rival == (cost, share) for rival in rivals):
            front.append(model)
    return sorted(front, key=lambda model: costs[model])


# %% name="front-plot"
show_front(at_1, accuracies, len(validation))
names, shares = list(files), list(accuracies.values())
front = efficient_front([at_1[name] for name in names], shares)
assert names[front[-1]] == max(names, key=lambda name: (accuracies[name], -at_1[name]))

# %% [markdown] name="front-read" lang="en"
# The grey bars are one standard error: so far another set of validation pictures would easily move a point. Two models
# whose bars overlap are equally good as far as we can tell; then the faster one is the choice.

# %% [markdown] name="front-read" lang="tr" en="3324ba52"
# Gri çizgiler bir standart hatadır: başka bir doğrulama kümesi bir noktayı kolaylıkla bu kadar kaydırır. Çizgileri
# örtüşen iki model, görebildiğimiz kadarıyla eşit ölçüde iyidir; o zaman daha hızlısı seçilir.

# %% [markdown] name="task-front" lang="en" tags=["task"]
# **Task.** Which of the four offers in the next cell are on the efficient front? Answer with a set of letters, such as
# `{"A", "D"}`. Each offer is a time and an accuracy.
#
# - [?] Strike out each offer for which another is at least as fast and at least as accurate, and better in one.
# - [?] Compare B with C, which take the same time, then B with D, which are equally accurate.

# %% [markdown] name="task-front" lang="tr" en="90548ea6" tags=["task"]
# **Görev.** Sonraki hücredeki dört tekliften hangileri verimlilik sınırındadır? `{"A", "D"}` gibi bir harf kümesiyle
# yanıtlayın. Her teklif bir süre ile bir doğruluktan oluşur.
#
# - [?] Başka bir teklifin en az onun kadar hızlı, en az onun kadar doğru ve birinde daha iyi olduğu her teklifin üstünü
#   çizin.
# - [?] Süreleri aynı olan B ile C'yi, sonra doğrulukları eşit olan B ile D'yi karşılaştırın.

# %% name="check-front" tags=["exact"]
offers = {"A": (1.0, 0.90), "B": (2.0, 0.94), "C": (2.0, 0.92), "D": (3.0, 0.94)}  # (ms, 0-1)
my_front = None
on_front = {list(offers)[model] for model in efficient_front(*zip(*offers.values()))}
check("06", "task-front", my_front, lambda answer: set(answer) == on_front)

# %% [markdown] name="decide" lang="en"
# ## Phone, browser, server
#
# Each place is short of something else. A phone answers one picture at a time and pays in **latency** and battery. A
# browser must first fetch the model: it pays for the **size of the file**. A server gets many pictures at once and
# pays for the **time per picture**.
#
# One rule serves all three: of the models that are nearly as accurate as the best, take the cheapest in what *this*
# place pays for.

# %% [markdown] name="decide" lang="tr" en="dda6221b"
# ## Telefon, tarayıcı, sunucu
#
# Her yerde başka bir şey kıttır. Telefon her seferinde tek bir resme yanıt verir; bedeli **gecikme** ve pildir.
# Tarayıcı modeli önce indirmek zorundadır: bedeli **dosya boyutudur**. Sunucuya aynı anda çok resim gelir; bedeli
# **resim başına süredir**.
#
# Üçüne de tek bir kural yeter: en iyisi kadar doğru sayılabilecek modeller arasından, *o* yerde bedeli en düşük olanı
# alın.


# %% name="rule"
def cheapest_good_enough(costs, accuracies, tolerance=0.02):
    good_enough = [model for model, share in enumerate(accuracies) if share >= max(accuracies) - tolerance]
    return min(good_enough, key=lambda model: (costs[model], -accuracies[model]))


# %% name="decision"
places = {"phone": ("latency", at_1), "browser": ("download", sizes), "server": ("per_picture", at_32)}
best = max(names, key=accuracies.get)
choices, rows = {}, {}
for place, (pays, values) in places.items():
    costs = [values[name] for name in names]
    chosen = cheapest_good_enough(costs, shares)
    choices[place] = names[chosen]
    saved = message("deployment.times_less", times=number(values[best] / costs[chosen], 1))
    rows[message(f"deployment.{place}")] = [message(f"deployment.{pays}"), names[chosen], saved]
    assert chosen in efficient_front(costs, shares)
show_table([message(f"deployment.{column}") for column in ("pays", "choice", "saves")], rows)

# %% [markdown] name="rule-read" lang="en"
# "Nearly as accurate" is 2 points here, about what another validation set could change. Change the tolerance and run the
# cells again: the rule stays, the choice may not. A chosen model lies on the front of *its* cost; the assertion checks it.

# %% [markdown] name="rule-read" lang="tr" en="80feae0b"
# "Doğru sayılabilecek" burada 2 puanlık bir pay demektir; başka bir doğrulama kümesi aşağı yukarı bu kadar fark
# yaratabilir. Payı değiştirip hücreleri yeniden çalıştırın: kural aynı kalır, seçim değişebilir. Seçilen model *kendi*
# bedelinin sınırındadır; hücredeki sınama bunu denetler.

# %% [markdown] name="task-choice" lang="en" tags=["task"]
# **Task.** A toy app must react at once, and its makers would give up to 15 points of accuracy for speed. Which model do
# you ship? Write its name as the table has it.
#
# - [?] Which models are on the front of accuracy against latency? Only those come into question.
# - [?] Among the models within 15 points of the most accurate one, look for the lowest latency with 1 picture.

# %% [markdown] name="task-choice" lang="tr" en="d537a5c4" tags=["task"]
# **Görev.** Bir oyuncak uygulaması anında tepki vermeli; yapımcıları hız uğruna doğruluktan 15 puana kadar vazgeçmeye
# hazır. Hangi modeli verirsiniz? Adını tablodaki gibi yazın.
#
# - [?] Doğruluk ile gecikme sınırında hangi modeller var? Yalnızca onlar söz konusudur.
# - [?] En doğru modele 15 puandan yakın olanlar arasında, 1 resimde gecikmesi en düşük olanı arayın.

# %% name="check-choice"
my_model = None
fastest = cheapest_good_enough([at_1[name] for name in names], shares, tolerance=0.15)
check("06", "task-choice", my_model, lambda answer: answer == names[fastest])

# %% [markdown] name="test-once" lang="en"
# ## The test set, once
#
# We chose on validation pictures, among several models; the winner's figure there is a little flattering. The test set
# judges the phone's model, once, and in the form in which it will be used: as its file.

# %% [markdown] name="test-once" lang="tr" en="1b299a20"
# ## Test kümesi, bir kez
#
# Seçimi doğrulama resimleriyle, birkaç model arasından yaptık; kazananın oradaki sonucu biraz iyimserdir. Telefon için
# seçilen modeli test kümesi, bir kez ve kullanılacağı biçimde, yani dosyasıyla sınıyor.

# %% name="test"
answers = predicted_classes(run_tflite(files[choices["phone"]], test.images))
interval = binomtest(int(np.sum(answers == test.labels)), len(test)).proportion_ci(method="wilson")
shown = dict(zip(("accuracy", "low", "high"), map(percent, (accuracy(test.labels, answers), *interval))))
print(message("deployment.test_score", name=choices["phone"], total=len(test), **shown))

# %% [markdown] name="mistake-rate" lang="en" tags=["task"]
# ## Find the mistake
#
# A colleague reports how many pictures the server's model answers in a second, with 1 picture and with 32 at once, and
# concludes that many pictures at once are a bad idea. Look at `rate` in the next cell: what did she forget? Set `my_rate` to
# the right number of pictures per second for 32 at once.
#
# - [?] How long does one run take, and how many pictures has it answered by then?
# - [?] One run answers all pictures of the batch, so a rate must count them all.

# %% [markdown] name="mistake-rate" lang="tr" en="e91e9c43" tags=["task"]
# ## Hatayı bulun
#
# Bir arkadaşınız, sunucu için seçilen modelin saniyede kaç resme yanıt verdiğini 1 resimle ve aynı anda 32 resimle
# bildiriyor ve birçok resmi birden vermenin kötü bir fikir olduğu sonucuna varıyor. Sonraki hücredeki `rate` değerine bakın: neyi unutmuş?
# `my_rate` değişkenine, aynı anda 32 resim için doğru resim/sn değerini yazın.
#
# - [?] Bir çalıştırma ne kadar sürüyor, o sırada kaç resme yanıt vermiş oluyor?
# - [?] Bir çalıştırma yığındaki bütün resimleri yanıtlar; hız hesabı hepsini saymalıdır.

# %% name="check-rate"
rate = 1 / latency(load_tflite(files[choices["server"]], 32), test.images[:32], repeats=5)
print(message("deployment.colleague", one=number(1 / at_1[choices["server"]]), many=number(rate)))
my_rate = None
check("06", "mistake-rate", my_rate, lambda answer: np.isclose(answer, 32 * rate))

# %% [markdown] name="quiz" lang="en"
# ## Quiz
#
# First a question about the parts, then three situations in which you pick, and one about integers.

# %% [markdown] name="quiz" lang="tr" en="aa49d0c5"
# ## Kısa sınav
#
# Önce parçalar üzerine bir soru, sonra seçimi sizin yapacağınız üç durum, en sonda tam sayılar üzerine bir soru.

# %% [markdown] name="quiz-bottleneck" lang="en" tags=["quiz"]
# Why does a 1×1 convolution stand before the 5×5 window in an Inception module?
#
# - [ ] It sees a larger part of the picture
#   No: a 1×1 window sees one position only; the 5×5 window looks around.
# - [x] It leaves fewer channels, so that the large window costs less
#   Yes: we counted the multiply–adds with and without it.
# - [ ] It makes the feature map smaller
#   No: height and width stay; only the number of channels changes.

# %% [markdown] name="quiz-bottleneck" lang="tr" en="35a766e0" tags=["quiz"]
# Bir Inception modülünde 5×5 pencereden önce neden bir 1×1 evrişim vardır?
#
# - [ ] Resmin daha büyük bir bölümünü görür
#   Hayır: 1×1 pencere tek bir konum görür; çevreye 5×5 pencere bakar.
# - [x] Daha az kanal bırakır, böylece büyük pencere daha ucuza gelir
#   Evet: çarpma-toplamaları darboğazla ve darboğazsız saydık.
# - [ ] Öznitelik haritasını küçültür
#   Hayır: yükseklik ile genişlik aynı kalır; yalnızca kanal sayısı değişir.

# %% [markdown] name="quiz-phone" lang="en" tags=["quiz"]
# An app names birds while the camera moves, on cheap phones and without a network. Several models are accurate enough.
# Which one do you pick?
#
# - [x] The one with the lowest latency with a single picture, measured on such a phone
#   Yes: the pictures come one after the other, and the user waits for each answer.
# - [ ] The one with the fewest multiply–adds
#   No: the count is a hint; it leaves out how fast numbers come from memory. Measure.
# - [ ] The one with the shortest time per picture, 32 at once
#   No: nobody has 32 pictures at once here; the first would wait for the last.

# %% [markdown] name="quiz-phone" lang="tr" en="c5bf36fa" tags=["quiz"]
# Bir uygulama, ucuz telefonlarda ve ağ bağlantısı olmadan, kamera gezerken kuşların adını söylüyor. Birkaç model yeterince
# doğru. Hangisini seçersiniz?
#
# - [x] Böyle bir telefonda ölçülen, tek resimde gecikmesi en düşük olanı
#   Evet: resimler art arda gelir ve kullanıcı her yanıtı bekler.
# - [ ] Çarpma-toplaması en az olanı
#   Hayır: sayım bir ipucudur; sayıların bellekten ne hızla geldiğini hesaba katmaz. Ölçün.
# - [ ] Aynı anda 32 resimde, resim başına süresi en kısa olanı
#   Hayır: burada kimsenin elinde aynı anda 32 resim yok; ilki sonuncusunu beklerdi.

# %% [markdown] name="quiz-browser" lang="en" tags=["quiz"]
# A garden shop's page sorts visitors' pictures in their own browser. Most visitors come once, by a slow mobile network.
# Several models are accurate enough. Which one do you pick?
#
# - [ ] The most accurate one, whatever it costs
#   No: a visitor who waits for a large download is gone before the first answer.
# - [ ] The one with the shortest time per picture, 32 at once
#   No: a visitor brings one picture or two.
# - [x] The one with the smallest file
#   Yes: every visitor fetches it first, and that takes longer than the answer.

# %% [markdown] name="quiz-browser" lang="tr" en="4222e725" tags=["quiz"]
# Bir bahçe mağazasının sayfası, ziyaretçilerin resimlerini onların tarayıcısında ayırıyor. Ziyaretçilerin çoğu bir kez,
# yavaş bir mobil ağdan geliyor. Birkaç model yeterince doğru. Hangisini seçersiniz?
#
# - [ ] Bedeli ne olursa olsun en doğru olanı
#   Hayır: büyük bir dosyanın inmesini bekleyen ziyaretçi, ilk yanıttan önce gider.
# - [ ] Aynı anda 32 resimde, resim başına süresi en kısa olanı
#   Hayır: bir ziyaretçi bir iki resim getirir.
# - [x] Dosyası en küçük olanı
#   Evet: her ziyaretçi önce onu indirir; bu da yanıttan uzun sürer.

# %% [markdown] name="quiz-server" lang="en" tags=["quiz"]
# A museum's server goes through a million stored photographs in one night. Several models are accurate enough. Which
# one do you pick?
#
# - [ ] The one with the smallest file
#   No: the file lies on the server's disk and is read once.
# - [x] The one with the shortest time per picture, many at once
#   Yes: all pictures are there, and only the sum of the time counts.
# - [ ] The one with the lowest latency with a single picture
#   No: nobody waits for a single answer, so it need not come soon.

# %% [markdown] name="quiz-server" lang="tr" en="319fcf99" tags=["quiz"]
# Bir müzenin sunucusu, kayıtlı bir milyon fotoğrafı bir gecede elden geçiriyor. Birkaç model yeterince doğru.
# Hangisini seçersiniz?
#
# - [ ] Dosyası en küçük olanı
#   Hayır: dosya sunucunun diskindedir ve bir kez okunur.
# - [x] Birçok resim birden verildiğinde resim başına süresi en kısa olanı
#   Evet: bütün resimler hazırdır, yalnızca toplam süre önemlidir.
# - [ ] Tek resimde gecikmesi en düşük olanı
#   Hayır: kimse tek bir yanıtı beklemiyor; yanıtın hemen gelmesi gerekmez.

# %% [markdown] name="quiz-int8" lang="en" tags=["quiz"]
# What does quantization to int8 do to a trained network?
#
# - [ ] It trains the network again with fewer weights
#   No: nothing is trained, and every weight is still there.
# - [ ] It removes channels that matter little
#   No: that is called pruning; the layers keep their shapes.
# - [x] It stores numbers as integers of 8 bits, with a scale that says what a step means
#   Yes: the ranges were set by 100 training pictures.

# %% [markdown] name="quiz-int8" lang="tr" en="a57a330d" tags=["quiz"]
# Eğitilmiş bir ağda int8'e nicemleme ne yapar?
#
# - [ ] Ağı daha az ağırlıkla yeniden eğitir
#   Hayır: hiçbir şey eğitilmez, her ağırlık yerindedir.
# - [ ] Az önemli kanalları çıkarır
#   Hayır: buna budama (pruning) denir; katmanların biçimi aynı kalır.
# - [x] Sayıları 8 bitlik tam sayılar olarak saklar; bir ölçek, bir adımın ne anlama geldiğini söyler
#   Evet: aralıkları 100 eğitim resmi belirledi.

# %% name="key-results"
key_results = {message("deployment.result_accuracy", name=name): float(np.mean(scores[name])) for name in networks}
for place, name in choices.items():
    key_results[message("deployment.result_choice", place=message(f"deployment.{place}"))] = name
show_results({**key_results, message("deployment.result_test"): accuracy(test.labels, answers)})

from tl_helpers.reference import show_reference

show_reference("deployment")

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - took MobileNet's block and Inception's module apart, built a module by hand that equals the package's, and counted
#   what bottleneck, factorised and depthwise convolutions save;
# - compared bases with the same head, data and seeds in accuracy, size, memory and measured latency, as float32 and as
#   int8;
# - found the efficient front, and picked a model for a phone, a browser and a server by one rule.
#
# **Read on:** [MobileNetV2](https://arxiv.org/abs/1801.04381), [Inception, first
# paper](https://arxiv.org/abs/1409.4842), [factorised convolutions](https://arxiv.org/abs/1512.00567), [integers instead
# of floats](https://arxiv.org/abs/1712.05877).

# %% [markdown] name="recap" lang="tr" en="8e8c60de"
# ## Bu derste…
#
# - MobileNet'in bloğunu ve Inception'ın modülünü parçalarına ayırdık, pakettekine eşit bir modülü elle kurduk; darboğazın,
#   ayrıştırılmış evrişimin ve derinlemesine evrişimin ne kazandırdığını saydık;
# - temel modelleri aynı başlık, veri ve tohum değerleriyle; doğruluk, boyut, bellek ve ölçülen gecikme bakımından,
#   float32 ve int8 olarak karşılaştırdık;
# - verimlilik sınırını bulduk; telefon, tarayıcı ve sunucu için tek bir kuralla birer model seçtik.
#
# **Okumaya devam:** [MobileNetV2](https://arxiv.org/abs/1801.04381), [Inception, ilk
# makale](https://arxiv.org/abs/1409.4842), [ayrıştırılmış evrişimler](https://arxiv.org/abs/1512.00567), [ondalık sayılar
# yerine tam sayılar](https://arxiv.org/abs/1712.05877).
