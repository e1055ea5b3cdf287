# %% [markdown] name="several-questions" lang="en"
# ## Several questions, one picture
#
# Whoever looks at a picture answers many questions at once: a dog, and a husky.
#
# In **multi-task learning** one model does so too. Our questions:
#
# - dog or human? This can be asked of every picture.
# - golden or husky? This makes sense for dogs only.
# - man or woman? This we ask for people only.


# %% [markdown] name="several-questions" lang="tr" en="33a756dd"
# ## Bir resme birkaç soru
#
# Bir resme bakan kişi birçok soruyu birden yanıtlar: bu bir köpek, üstelik bir husky.
#
# **Çok görevli öğrenmede** (multi-task learning) tek bir model de bunu yapar. Sorularımız:
#
# - köpek mi insan mı? Bu her resim için sorulabilir.
# - golden mı husky mi? Bunun yalnızca köpeklerde anlamı vardır.
# - erkek mi kadın mı? Bunu yalnızca insanlar için soruyoruz.


# %% name="imports"
import time

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.base_models import load_base_model, parameter_counts, preprocessing
from tl_helpers.dogs_and_people import imagenet_names, load_dogs_and_people
from tl_helpers.evaluation import accuracy, confusion_matrix, predicted_classes, probabilities
from tl_helpers.features import extract_features
from tl_helpers.messages import message, number, percent
from tl_helpers.multi_task import leaf_name
from tl_helpers.plots import class_name, show_confusion, show_pictures
from tl_helpers.session import fix_seeds
from tl_helpers.transfer import train_head

# %% name="load"
data = load_dogs_and_people(edition)
train, validation, test = data.splits.train, data.splits.validation, data.splits.test
for name, split in (("train", train), ("validation", validation), ("test", test)):
    per_class = np.bincount(split.labels)
    listed = ", ".join(f"{class_name(c)} {n}" for c, n in zip(split.class_names, per_class))
    print(message("pictures.counts", split=message(f"splits.{name}"), total=len(split), classes=listed))
print(message("pictures.left_out", count=len(data.splits.left_out)))
shown = np.concatenate([np.flatnonzero(train.labels == leaf)[:3] for leaf in range(4)])
captions = [class_name(train.class_names[label]) for label in train.labels[shown]]
show_pictures(train.images[shown], captions, message("multi_task.gallery"))

# %% [markdown] name="drawn-people" lang="en"
# In the mini edition a "man" or a "woman" is a convention of drawing: overlapping cues, none of which decides alone. In the
# full edition it is what strangers wrote down when they saw a face.
#
# ## One base model, three heads
#
# Three small **heads** read the features of one frozen base model. Which pictures can teach which head?


# %% [markdown] name="drawn-people" lang="tr" en="18a90859"
# Mini sürümde "erkek" ya da "kadın" yalnızca bir çizim kuralıdır: iki grupta da görülebilen, hiçbiri tek başına
# belirleyici olmayan ipuçları. Tam sürümde ise bir yüzü gören yabancıların yazdığı bir sözcüktür.
#
# ## Bir temel model, üç başlık
#
# Üç küçük **başlık** (head), dondurulmuş (frozen) tek bir temel modelin (base model) özniteliklerini (features) okur.
# Hangi resimler hangi başlığı eğitebilir?


# %% name="heads-figure"
from tl_helpers.task_figures import draw_heads

TASKS = {"kind": ("dog", "human"), "breed": ("golden", "husky"), "person": ("man", "woman")}
draw_heads()

# %% [markdown] name="missing-labels" lang="en"
# ### Labels that do not exist
#
# A dog has no label for man or woman: not an unknown one, none at all. We write -1 in its place. The four
# classes, the **leaves** of this tree of questions, are numbered 0 golden, 1 husky, 2 man, 3 woman; each question gets its
# own labels of 0, 1 or -1.

# %% [markdown] name="missing-labels" lang="tr" en="567b3e8d"
# ### Var olmayan etiketler
#
# Bir köpek resminin "erkek mi kadın mı" sorusunda etiketi (label) yoktur: etiket bilinmiyor değil, hiç yok. Yerine -1
# yazıyoruz. Dört sınıf, bu soru ağacının **yapraklarıdır**; numaraları 0 golden, 1 husky, 2 erkek, 3 kadın. Her sorunun
# 0, 1 ya da -1 değerini alan kendi etiketleri var.


# %% name="task-labels-code" tags=["exact"]
def task_labels(leaves):
    is_human = (leaves >= 2).astype(np.int64)
    return {
        "kind": is_human,
        "breed": np.where(is_human == 0, leaves, -1),
        "person": np.where(is_human == 1, leaves - 2, -1),
    }


train_labels, validation_labels, test_labels = (task_labels(part.labels) for part in (train, validation, test))
for leaf, leaf_labels in enumerate(zip(*task_labels(np.arange(4)).values())):
    named = {task: int(label) for task, label in zip(TASKS, leaf_labels)}
    print(message("multi_task.labels_line", picture=class_name(train.class_names[leaf]), **named))


# %% [markdown] name="task-labels" lang="en" tags=["task"]
# **Task.** Which three labels does a picture of a woman get? Write them in the order dog or human, golden or husky, man or
# woman, for example `(0, 1, 0)`.
#
# - [?] Which of the three questions makes sense for a woman's picture?
# - [?] The one that makes no sense gets -1; in the other two she belongs to the class named second.

# %% [markdown] name="task-labels" lang="tr" en="020fe3e0" tags=["task"]
# **Görev.** Bir kadın resminin üç etiketi hangileridir? Köpek mi insan mı, golden mı husky mi, erkek mi kadın mı
# sırasıyla yazın; örneğin `(0, 1, 0)`.
#
# - [?] Üç sorudan hangileri bir kadının resmi için anlamlıdır?
# - [?] Anlamı olmayan sorunun etiketi -1 olur; öteki ikisinde resim, adı ikinci geçen sınıftandır.

# %% name="check-labels" tags=["exact"]
from tl_helpers.tasks import check

my_labels = None
check("07", "task-labels", my_labels, lambda answer: tuple(answer) == (1, -1, 1))

# %% name="features"
base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
every = [extract_features(base_model, preprocess, part.images) for part in (train, validation, test)]
train_features, validation_features, test_features = every
channels = train_features.shape[1]


# %% [markdown] name="masked" lang="en"
# ## A loss that leaves out what is missing
#
# The **masked loss** multiplies each picture's cross-entropy by 1 where it has a label, else by 0, and divides by the number
# of labels.
#
# What should it give where every label is missing? And what should the gradient be, which training follows, for a picture
# without a label?


# %% [markdown] name="masked" lang="tr" en="4f83072b"
# ## Eksik olanı dışarıda bırakan bir kayıp
#
# **Maskeli kayıp** (masked loss) her resmin çapraz entropisini (cross-entropy), etiket varsa 1 ile, yoksa 0 ile
# çarpar; toplamı da etiket sayısına böler.
#
# Bütün etiketler eksikse bu kayıp kaç olmalı? Peki eğitimin izlediği gradyan (gradient), etiketi olmayan bir resim
# için ne olmalı?


# %% name="masked-loss"
def masked_loss(labels, logits):
    labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "float32")
    logits = keras.ops.reshape(logits, (-1,))
    known = keras.ops.cast(labels >= 0, "float32")
    losses = keras.ops.binary_crossentropy(keras.ops.maximum(labels, 0.0), logits, from_logits=True)
    return keras.ops.sum(known * losses) / keras.ops.maximum(keras.ops.sum(known), 1.0)


labels, logits = np.array([1, 0, -1]), tf.Variable([2.0, -1.0, 5.0])
masked, empty = (float(masked_loss(each, logits)) for each in (labels, np.full(3, -1)))


# %% name="masked-by-hand" tags=["exact"]
by_hand = (np.log1p(np.exp(-2.0)) + np.log1p(np.exp(-1.0))) / 2
values = {"masked": masked, "by_hand": by_hand, "empty": empty}
print(message("multi_task.by_hand", **{name: number(value, 4) for name, value in values.items()}))
assert np.isclose(masked, by_hand) and empty == 0


# %% name="zero-gradient" tags=["exact"]
with tf.GradientTape() as tape:
    gradients = tape.gradient(masked_loss(labels, logits), logits).numpy()
print(gradients.round(3))
assert gradients[2] == 0 and gradients[0] < 0 < gradients[1]


# %% [markdown] name="train-together" lang="en"
# ## Train three heads at once
#
# A Keras model may give a dictionary, one output a task. Labels and losses are dictionaries then, and the losses are added
# up; **loss weights** say how much each counts. We begin with 1 for each.
#
# Accuracy needs a mask as well. We evaluate all pictures as one batch: a mean over batches would count a batch without labels as
# a loss of 0. Which question do you expect to be the hardest?


# %% [markdown] name="train-together" lang="tr" en="b7e94ba0"
# ## Üç başlığı birden eğitmek
#
# Bir Keras modeli çıkış olarak bir sözlük verebilir: her görev için bir çıkış. O zaman etiketler ve kayıplar da sözlük
# olur, kayıplar toplanır; **kayıp ağırlıkları** (loss weights) her birinin ne kadar sayılacağını söyler. Hepsini 1
# alarak başlıyoruz.
#
# Doğruluk için de maske gerekir. Bütün resimleri tek bir yığın (batch) olarak değerlendiriyoruz: yığınların ortalaması
# alınsaydı, etiketsiz bir yığının kaybı 0 sayılırdı. Sizce en zor soru hangisi olacak?


# %% name="heads-code"
class MaskedAccuracy(keras.metrics.Mean):
    def update_state(self, labels, logits, sample_weight=None):
        labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "float32")
        answers = keras.ops.cast(keras.ops.reshape(logits, (-1,)) >= 0, "float32")
        super().update_state(answers == labels, sample_weight=labels >= 0)


def three_heads(channels, shared=0):
    features = keras.Input((channels,))
    below = keras.layers.Dropout(0.2)(features)
    if shared:
        below = keras.layers.Dense(shared, activation="tanh", name="shared")(below)
    return keras.Model(features, {task: keras.layers.Dense(1, name=task)(below) for task in TASKS})


# %% name="compile-tasks"
def compile_tasks(model, loss_weights=None, learning_rate=1e-3):
    losses = dict.fromkeys(model.output_names, masked_loss)
    metrics = {task: [MaskedAccuracy(name="accuracy")] for task in model.output_names}
    model.compile(keras.optimizers.Adam(learning_rate), loss=losses, loss_weights=loss_weights, metrics=metrics)
    return model


fix_seeds(0)
heads = compile_tasks(three_heads(channels))
heads.fit(train_features, train_labels, epochs=20, verbose=0)
whole = {"batch_size": len(validation), "verbose": 0, "return_dict": True}
per_head = heads.evaluate(validation_features, validation_labels, **whole)


# %% name="per-head"
for task in TASKS:
    loss, share = number(per_head[f"{task}_loss"], 3), percent(per_head[f"{task}_accuracy"])
    print(message("multi_task.per_head", task=message(f"multi_task.{task}"), loss=loss, accuracy=share))
assert per_head["kind_accuracy"] > per_head["person_accuracy"] > 0.55

# %% [markdown] name="against-three" lang="en"
# ## One model or three?
#
# The usual way is a model for each question, trained on the pictures that have its label. Will three separate heads be
# better than three heads trained together? Remember that the base is frozen.

# %% [markdown] name="against-three" lang="tr" en="0eca0449"
# ## Bir model mi, üç model mi?
#
# Alışılmış yol, her soru için ayrı bir modeli, o sorunun etiketini taşıyan resimlerle eğitmektir. Ayrı ayrı eğitilen
# üç başlık, birlikte eğitilen üç başlıktan daha mı iyi olur? Temel modelin dondurulmuş olduğunu unutmayın.

# %% name="separate"
from tl_helpers.costs import multiply_adds
from tl_helpers.interactive import explore

separate, own_accuracy = {}, {}
for task in TASKS:
    taught, asked = train_labels[task] >= 0, validation_labels[task] >= 0
    separate[task], _ = train_head(train_features[taught], train_labels[task][taught])
    answers = predicted_classes(separate[task](validation_features[asked]))
    own_accuracy[task] = accuracy(validation_labels[task][asked], answers)
    shares = {"shared": percent(per_head[f"{task}_accuracy"]), "separate": percent(own_accuracy[task])}
    print(message("multi_task.against", task=message(f"multi_task.{task}"), **shares))
assert abs(np.mean([per_head[f"{task}_accuracy"] - own_accuracy[task] for task in TASKS])) < 0.06

# %% name="no-link"
with tf.GradientTape() as tape:
    loss = masked_loss(train_labels["breed"][:400], heads(train_features[:400])["breed"])
own, other = tape.gradient(loss, [heads.get_layer(task).kernel.value for task in ("breed", "person")])
assert own is not None and other is None


# %% [markdown] name="no-link-why" lang="en"
# Nearly the same, and the gradient says why: the breed loss gives another head none (`None`). What the heads share is
# frozen, and what is trained is not shared. On a frozen base, linear heads **cannot** help or hurt each other.
#
# The gain lies elsewhere: each separate model needs its own base model, and a picture passes through two.


# %% [markdown] name="no-link-why" lang="tr" en="f9abd6d0"
# Neredeyse aynı; nedenini gradyan söylüyor: cins kaybı öteki başlığa gradyan vermez (`None`). Başlıkların ortak olan yanı
# dondurulmuştur, eğitilen yanı ise ortak değildir. Dondurulmuş bir temel modelin üzerindeki doğrusal başlıkların
# birbirine ne yararı **dokunabilir** ne zararı.
#
# Kazanç başka yerde: ayrı modellerin her birine kendi temel modeli gerekir ve bir resim bunların ikisinden geçer.


# %% name="whole-models"
inputs = keras.Input(base_model.input_shape[1:])
pooled = keras.layers.GlobalAveragePooling2D()(base_model(preprocess(inputs), training=False))
shared_model = keras.Model(inputs, heads(pooled))
separate_models = {task: keras.Model(inputs, head(pooled)) for task, head in separate.items()}


def milliseconds(models, images):
    durations = []
    for _ in range(3):
        start = time.perf_counter()
        for model in models:
            model.predict(images, verbose=0)
        durations.append(1000 * (time.perf_counter() - start) / len(images))
    return min(durations)


# %% name="cost"
counts = [sum(parameter_counts(model).values()) for model in (shared_model, *separate_models.values())]
print(message("multi_task.parameters", one=number(counts[0]), three=number(sum(counts[1:]))))
assert counts[0] < 0.4 * sum(counts[1:])

# %% name="time"
pair = [separate_models["kind"], separate_models["breed"]]
one, two = (milliseconds(models, test.images[:96]) for models in ([shared_model], pair))
print(message("multi_task.time", one=number(one, 1), two=number(two, 1)))
assert multiply_adds(shared_model) < 0.6 * sum(multiply_adds(model) for model in pair)


# %% [markdown] name="sharing-question" lang="en"
# ## When tasks help or hurt each other
#
# Tasks can influence each other only through something that is **shared and trained**. So we put a hidden layer below the
# heads that all three share, and keep only ten labels of golden and ten of husky. The other pictures have -1 there; the
# mask makes that easy.
#
# Then we train twice, with the same seeds and pictures: *alone*, the loss weights of the other two tasks are 0; *with
# the other tasks* they are 1. `restart` gives the model new random weights for each seed. What do you expect with a
# single shared neuron? And with sixteen?

# %% [markdown] name="sharing-question" lang="tr" en="8572c941"
# ## Görevler birbirine ne zaman yarar, ne zaman zarar verir?
#
# Görevler birbirini ancak **hem ortak olan hem de eğitilen** bir şey aracılığıyla etkileyebilir. Bu yüzden başlıkların
# altına üçünün de paylaştığı bir gizli katman koyuyor, golden ve husky için yalnızca onar etiket bırakıyoruz. Öteki
# resimlerin bu sorudaki etiketi -1 olur; maske sayesinde bu kolaydır.
#
# Sonra aynı tohum değerleri (seed) ve resimlerle iki kez eğitiyoruz: *tek başına* eğitimde öteki iki görevin kayıp
# ağırlığı 0, *öteki görevlerle* eğitimde 1. `restart`, her tohum değeri için modele yeni rastgele ağırlıklar verir. Tek
# bir ortak nöronla ne beklersiniz? Ya on altı nöronla?


# %% name="few-labels"
def few_labels(labels, per_class, seed):
    rng = np.random.default_rng(seed)
    kept = [rng.permutation(np.flatnonzero(labels == label))[:per_class] for label in (0, 1)]
    few = np.full_like(labels, -1)
    few[np.concatenate(kept)] = labels[np.concatenate(kept)]
    return few


def restart(model, seed):
    fix_seeds(seed)
    model.set_weights(keras.Model.from_config(model.get_config()).get_weights())
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(keras.ops.zeros_like(variable))


# %% name="sharing-runs"
from tl_helpers.multi_task_plots import draw_silence, show_sharing

is_dog = validation_labels["breed"] >= 0
alone, together = {}, {}
for neurons in (1, 4, 16):
    for runs, other in ((alone, 0.0), (together, 1.0)):
        weights = {"kind": other, "breed": 1.0, "person": other}
        model, runs[neurons] = compile_tasks(three_heads(channels, neurons), weights, 1e-2), []
        for seed in range(4):
            restart(model, seed)
            few = {**train_labels, "breed": few_labels(train_labels["breed"], 10, seed)}
            for _ in range(20):
                model.train_on_batch(train_features, few)
            answers = predicted_classes(model(validation_features[is_dog])["breed"])
            runs[neurons].append(accuracy(validation_labels["breed"][is_dog], answers))

# %% name="sharing"
show_sharing(alone, together)
harm = {neurons: np.mean(alone[neurons]) - np.mean(together[neurons]) for neurons in alone}
assert harm[1] > harm[16]


# %% [markdown] name="sharing-read" lang="en"
# One neuron is a rope that three tasks pull at. With sixteen each task has room for neurons of its own, and the
# others do less harm. Help is possible too, where another task teaches what few labels cannot; whether it did here is
# said under the plot.
#
# ## Answers as a person would give them
#
# Nobody answers with three numbers. We follow the first answer, ask only the question that fits, and say how probable each step
# is.


# %% [markdown] name="sharing-read" lang="tr" en="8a511df7"
# Tek bir nöron, üç görevin birden çektiği bir halata benzer. On altı nöronla her görevin kendi nöronlarına yer vardır;
# zarar da azalır. Başka bir görev, az sayıda etiketin öğretemediğini öğretiyorsa yararı da olabilir; burada öyle olup
# olmadığını grafiğin altındaki cümle söyler.
#
# ## Bir insanın vereceği gibi yanıtlar
#
# Kimse üç sayıyla yanıt vermez. İlk yanıtı izliyor, yalnızca ona uyan soruyu soruyor, her adımın ne kadar olası
# olduğunu söylüyoruz.


# %% name="spoken-answer"
def spoken_answer(logits):
    said = {}
    for task, names in TASKS.items():
        share = float(probabilities(np.array([logits[task]]))[0])
        said[task] = (names[share >= 0.5], number(max(share, 1 - share), 2))
    steps = [said["kind"], said["breed" if said["kind"][0] == "dog" else "person"]]
    return " → ".join(f"{leaf_name(name)} ({share})" for name, share in steps)


test_logits = {task: np.ravel(values) for task, values in heads.predict(test_features, verbose=0).items()}

# %% name="said-of"
shown = np.concatenate([np.flatnonzero(test.labels == leaf)[:3] for leaf in range(4)])
captions = [f"{place}.\n{class_name(test.class_names[test.labels[i]])}" for place, i in enumerate(shown, start=1)]
show_pictures(test.images[shown], captions, message("multi_task.confident"))

# %% name="said"
for place, index in enumerate(shown, start=1):
    print(f"{place}. {spoken_answer({task: values[index] for task, values in test_logits.items()})}")


# %% [markdown] name="task-chain" lang="en" tags=["task"]
# **Task.** A model says: dog (0.80) → husky (0.90). How probable is it, according to the model, that the picture shows a
# husky?
#
# - [?] The second number holds only if the first answer is right.
# - [?] Of 100 such pictures, how many would be dogs, and how many of those huskies?

# %% [markdown] name="task-chain" lang="tr" en="8818abe6" tags=["task"]
# **Görev.** Bir model şöyle diyor: köpek (0,80) → husky (0,90). Modele göre resimde bir husky bulunma olasılığı
# kaçtır?
#
# - [?] İkinci sayı ancak ilk yanıt doğruysa geçerlidir.
# - [?] Böyle 100 resmin kaçı köpek olurdu, bunların da kaçı husky?

# %% name="check-chain" tags=["exact"]
my_probability = None
check("07", "task-chain", my_probability, lambda answer: abs(answer - 0.8 * 0.9) < 0.005)

# %% [markdown] name="confusion-question" lang="en"
# ### Mistakes across tasks
#
# Now all pictures of the test set, in four classes. A mistake can happen at the first step or at the second. Where do you
# expect most of them?

# %% [markdown] name="confusion-question" lang="tr" en="1f1f9aad"
# ### Görevlere göre hatalar
#
# Şimdi sıra test kümesinin bütün resimlerinde, dört sınıf üzerinden. Hata birinci adımda da ikinci adımda da olabilir.
# Hataların çoğunu nerede beklersiniz?


# %% name="leaf-classes"
def leaf_classes(logits):
    answers = {task: (np.reshape(values, -1) >= 0).astype(np.int64) for task, values in logits.items()}
    return np.where(answers["kind"] == 0, answers["breed"], 2 + answers["person"])


# %% name="confusion"
matrix = confusion_matrix(test.labels, leaf_classes(test_logits), 4)
show_confusion(matrix, test.class_names)
across = matrix[:2, 2:].sum() + matrix[2:, :2].sum()
assert across < min(0.05 * matrix.sum(), (matrix.sum() - np.trace(matrix)) / 2)


# %% [markdown] name="seen-before" lang="en"
# Read the matrix in blocks: dogs and people are hardly ever confused. Most mistakes are made within a block, at the second
# step.
#
# ### Has the base model seen these dogs before?
#
# The photographs of the Stanford Dogs were taken from ImageNet, and ImageNet is what the base models of the full edition
# were pretrained on, with these very breeds among their classes. Testing on pictures that were seen in pretraining is a leak
# that no splitting of ours can close. For an honest number one would need dogs photographed later.

# %% [markdown] name="seen-before" lang="tr" en="20e2a8e2"
# Hata matrisini (confusion matrix) bloklar hâlinde okuyun: köpeklerle insanlar hemen hiç karıştırılmıyor. Hataların
# çoğu blokların içinde, ikinci adımda.
#
# ### Temel model bu köpekleri daha önce gördü mü?
#
# Stanford Dogs fotoğrafları ImageNet'ten alınmıştır; tam sürümün temel modelleri de, sınıfları arasında tam da bu
# cinslerin bulunduğu ImageNet ile önceden eğitilmiştir. Ön eğitimde görülmüş resimlerle test etmek, bizim yapacağımız
# hiçbir bölmenin kapatamayacağı bir sızıntıdır (data leakage). Dürüst bir sayı için fotoğrafı daha sonra çekilmiş
# köpekler gerekirdi.

# %% name="seen"
dogs = [name for name, label in zip(test.names, test.labels) if label < 2]
seen = imagenet_names(dogs)
print(message("multi_task.seen_some" if seen else "multi_task.seen_none", count=seen, total=len(dogs)))
assert seen == 0 or edition.name == "full"

# %% [markdown] name="what-a-label-is" lang="en"
# ## What "man" and "woman" mean here
#
# The third head learned which pictures were **given** a label, by an illustrator's conventions or by strangers who looked
# at a face. It does not know how anybody understands themselves; many people are served badly by two boxes, and some
# by neither.
#
# So we say "labelled as a woman", not "is a woman". And before such a head is used at all, somebody has to answer: what
# for? A wrong answer costs little in this exercise, and a lot at a door that does not open.
#
# Collect no pictures of people without their consent, and none of children.

# %% [markdown] name="what-a-label-is" lang="tr" en="bc6901db"
# ## "Erkek" ve "kadın" burada ne demek?
#
# Üçüncü başlık, hangi resimlere hangi etiketin **verildiğini** öğrendi; etiketi ya bir çizerin kuralları ya da bir
# yüze bakan yabancılar verdi. Başlık, kimsenin kendini nasıl tanımladığını bilmez; iki kutu birçok insana dar gelir,
# bazılarına ise ikisi de uymaz.
#
# Bu yüzden "kadındır" değil, "kadın olarak etiketlenmiş" deriz. Böyle bir başlığı kullanmadan önce de birinin şunu
# yanıtlaması gerekir: ne için? Yanlış bir yanıt bu alıştırmada pek bir şeye mal olmaz, açılmayan bir kapının önünde
# ise çok şeye.
#
# İnsanların resimlerini rızaları olmadan toplamayın; çocukların resimlerini ise hiç toplamayın.

# %% name="people"
is_person = test_labels["person"] >= 0
person_labels, person_logits = test_labels["person"][is_person], test_logits["person"][is_person]
person_answers = predicted_classes(person_logits)
print(percent(accuracy(person_labels, person_answers)))

# %% [markdown] name="for-whom" lang="en"
# ### For whom does it work?
#
# One accuracy hides for whom a model fails. So we count right answers in each **subgroup**, with an interval that says what
# so few pictures can tell: Wilson's, which contains the true share about 95 times in 100. The sentence under each plot holds
# the gap against chance; how, we see in a moment.
#
# In the mini edition the picture book knows age and hair of everyone it drew. FairFace names age groups, and groups that
# labellers saw in a face; these too are somebody's view.
#
# In which group do you expect the fewest right answers?

# %% [markdown] name="for-whom" lang="tr" en="255cba57"
# ### Kimler için işe yarıyor?
#
# Tek bir doğruluk sayısı, modelin kimlerde yanıldığını gizler. Bu yüzden doğru yanıtları her **alt grupta** (subgroup)
# ayrı sayıyor, yanına da bu kadar az resmin ne söyleyebileceğini gösteren bir aralık koyuyoruz. Bu, Wilson aralığıdır;
# gerçek oranı 100 durumun yaklaşık 95 tanesinde içerir. Her grafiğin altındaki cümle, farkı şansın
# yaratabileceği farkla karşılaştırır; bunun nasıl yapıldığını birazdan göreceğiz.
#
# Mini sürümde resimli kitap, çizdiği herkesin yaşını ve saçını bilir. FairFace ise yaş gruplarını ve etiketleyenlerin
# bir yüze bakarak belirttiği grupları verir; bunlar da birilerinin görüşüdür.
#
# En az doğru yanıtı hangi grupta beklersiniz?

# %% name="subgroup-report"
from scipy.stats import binomtest

from tl_helpers.subgroups import GroupScore, group_name, show_subgroups


def subgroup_report(labels, predicted, groups):
    right, members = np.asarray(labels) == np.asarray(predicted), np.asarray(groups)
    scores = []
    for group in sorted(set(groups)):
        hits, total = int(right[members == group].sum()), int(np.sum(members == group))
        interval = binomtest(hits, total).proportion_ci(method="wilson")
        scores.append(GroupScore(group, hits, total, float(interval.low), float(interval.high)))
    return scores


# %% name="subgroups"
for division, groups in data.groups.items():
    print(f"{group_name(division)}:")
    report = subgroup_report(person_labels, person_answers, [group_name(group) for group in groups])
    show_subgroups(report)
    assert sum(score.total for score in report) == len(person_labels)
    assert all(score.low <= score.right / score.total <= score.high for score in report)


# %% [markdown] name="look-closer" lang="en"
# ### Could it be chance?
#
# Among many groups one is always the worst. So we deal the right answers out at random to groups of the same sizes: how often
# are best and worst as far apart?
#
# We do it for the last division, men and women apart. Groups of fewer than 10 people are grey and not compared.


# %% [markdown] name="look-closer" lang="tr" en="c1621db2"
# ### Şans eseri olabilir mi?
#
# Grup çoksa aralarında her zaman bir en kötüsü bulunur. Bu yüzden doğru yanıtları aynı büyüklükteki gruplara rastgele
# dağıtıyoruz: en iyi grupla en kötü grubun arası ne sıklıkla bu kadar açılıyor?
#
# Bunu son gruplama için, erkeklerle kadınları ayırarak yapıyoruz. 10 kişiden az olan gruplar gri çizilir ve
# karşılaştırılmaz.


# %% name="chance-of-gap"
def chance_of_gap(scores, draws=2000):
    totals, right = np.array([score.total for score in scores]), np.array([score.right for score in scores])
    dealt = np.random.default_rng(0).multivariate_hypergeometric(totals, right.sum(), size=draws)  # (draws, groups)
    gaps = np.ptp(dealt / totals, axis=1)
    return float(np.mean(gaps >= np.ptp(right / totals) - 1e-9))


sides = [class_name(TASKS["person"][label]) for label in person_labels]
crossed = [f"{side}, {group_name(group)}" for side, group in zip(sides, groups)]
closer = subgroup_report(person_labels, person_answers, crossed)
chance = chance_of_gap([score for score in closer if score.total >= 10])
assert 0 <= chance <= 1 and len(closer) > len(report)
show_subgroups(closer)

# %% [markdown] name="what-a-gap-means" lang="en"
# ### What a gap means
#
# - **Chance may explain it**: these pictures cannot show a difference. That is not proof that there is none.
# - **Chance hardly explains it**: a difference is likely, and its reason is still open. Too few pictures of this group in
#   training? A shortcut, such as hair for man or woman? Labels that are less reliable there?
#
# The more divisions we look at, the more easily chance finds a gap. Repairing starts with the data: more pictures
# of those whom it fails. And the model may be allowed to say nothing.
#
# ### Say nothing when unsure
#
# Move the slider: the model answers only from this probability on. Which number do you expect to rise, and which to fall?

# %% [markdown] name="what-a-gap-means" lang="tr" en="ebb914a4"
# ### Bir fark ne anlama gelir?
#
# - **Bunu şans açıklayabilir**: bu resimler bir fark gösteremiyor. Bu, fark olmadığının kanıtı değildir.
# - **Bunu şansla açıklamak zor**: büyük olasılıkla bir fark var, nedeni ise henüz belli değil. Eğitimde bu gruptan az
#   mı resim vardı? Model, erkek mi kadın mı sorusunda saç gibi bir kestirmeye mi başvurdu? Yoksa bu grubun etiketleri
#   mi daha az güvenilir?
#
# Üstelik ne kadar çok bölümlemeye bakarsak şans o kadar kolay bir fark bulur. Onarım veriyle başlar: modelin
# yanıldığı insanların daha çok resmiyle. Modelin susmasına izin vermek de mümkündür.
#
# ### Emin değilse sussun
#
# Kaydırıcıyı oynatın: model ancak yanıtının olasılığı en az bu kadarsa yanıt verir. Hangi sayının artmasını,
# hangisinin azalmasını beklersiniz?

# %% name="silence-slider"
thresholds = {message("multi_task.sure_slider"): [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]}
people = validation_labels["person"] >= 0
said = validation_labels["person"][people], np.ravel(heads(validation_features[people])["person"])
explore(lambda least: draw_silence(*said, least), thresholds, start=(0.8,))


# %% [markdown] name="mistake-mask" lang="en" tags=["task"]
# ## Find the mistake
#
# A colleague takes Keras' own cross-entropy instead of the masked loss, with the same labels. The loss falls and falls, even
# below 0, which no cross-entropy can do.
#
# **Task.** Which pictures pull the loss of golden or husky below 0? Write a function that takes labels and says, with True or
# False, which of them may count.
#
# - [?] Cross-entropy expects labels of 0 and 1. Which other label is there?
# - [?] A function in one line: `lambda labels: labels >= …`

# %% [markdown] name="mistake-mask" lang="tr" en="0fb63473" tags=["task"]
# ## Hatayı bulun
#
# Bir arkadaşınız maskeli kayıp yerine, aynı etiketlerle, Keras'ın kendi çapraz entropisini kullanıyor. Kayıp düştükçe
# düşüyor, 0'ın bile altına iniyor; oysa hiçbir çapraz entropi bunu yapamaz.
#
# **Görev.** Golden mı husky mi görevinin kaybını 0'ın altına çeken resimler hangileridir? Etiketleri alıp hangilerinin
# hesaba katılabileceğini True ya da False ile söyleyen bir fonksiyon yazın.
#
# - [?] Çapraz entropi 0 ve 1 etiketlerini bekler. Başka hangi etiket var?
# - [?] Tek satırlık bir fonksiyon: `lambda labels: labels >= …`

# %% name="check-mask"
unmasked = three_heads(channels)
cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
unmasked.compile(keras.optimizers.Adam(1e-3), loss=dict.fromkeys(TASKS, cross_entropy))
unmasked_loss = unmasked.fit(train_features, train_labels, epochs=10, verbose=0).history["breed_loss"][-1]
huskies = validation_features[validation_labels["breed"] == 1]
recalls = [float(np.mean(predicted_classes(model(huskies)["breed"]))) for model in (unmasked, heads)]
shown = {"loss": number(unmasked_loss, 2), "husky": percent(recalls[0]), "masked": percent(recalls[1])}
print(message("multi_task.unmasked", **shown))
assert unmasked_loss < 0

my_mask = None
asked = np.array([1, 0, -1, -1, 1])
check("07", "mistake-mask", my_mask, lambda mask: np.array_equal(np.asarray(mask(asked), dtype=bool), asked >= 0))

# %% [markdown] name="quiz" lang="en"
# ## Quiz

# %% [markdown] name="quiz" lang="tr" en="f3a0b532"
# ## Kısa sınav

# %% [markdown] name="quiz-mask" lang="en" tags=["quiz"]
# Why not simply give people the label 0 (golden) in the breed task?
#
# - [ ] Because the loss would become NaN
#   No: 0 is an ordinary label, and nothing would crash. That is what makes this mistake dangerous.
# - [ ] Because the head has no output for people
#   No: it has one output for any picture. The question is what that output is taught.
# - [x] Because the breed head would learn to call people golden
#   Yes: it would be taught something false about every picture of a person, and nobody asked it.

# %% [markdown] name="quiz-mask" lang="tr" en="556a61fc" tags=["quiz"]
# Cins görevinde insanlara neden 0 (golden) etiketini verip geçmiyoruz?
#
# - [ ] Çünkü kayıp NaN olurdu
#   Hayır: 0 olağan bir etikettir, hiçbir şey çökmezdi. Bu hatayı tehlikeli yapan da budur.
# - [ ] Çünkü başlığın insanlar için bir çıkışı yok
#   Hayır: başlığın her resim için bir çıkışı vardır. Asıl soru, o çıkışa ne öğretildiğidir.
# - [x] Çünkü cins başlığı insanlara golden demeyi öğrenirdi
#   Evet: ona her insan resmi hakkında yanlış bir şey öğretilirdi; üstelik bunu kimse sormamışken.

# %% [markdown] name="quiz-gap" lang="en" tags=["quiz"]
# One group of 30 people has 80 % right answers, another one of 30 has 90 %. Groups dealt out at random often lie as far
# apart. What may you say?
#
# - [ ] The model treats both groups alike
#   Not shown: with so few pictures even a large difference can stay hidden.
# - [x] These pictures cannot show a difference; more are needed
#   Yes: what chance makes often calls for more pictures, not for a verdict.
# - [ ] The model fails the first group
#   Not shown either: chance alone may make such a gap.

# %% [markdown] name="quiz-gap" lang="tr" en="8c4b574c" tags=["quiz"]
# 30 kişilik bir grupta yanıtların %80'i, yine 30 kişilik başka bir grupta %90'ı doğru. Yanıtlar rastgele
# dağıtıldığında da grupların arası sık sık bu kadar açılıyor. Ne diyebilirsiniz?
#
# - [ ] Model iki gruba da aynı davranıyor
#   Bu gösterilmedi: bu kadar az resimle büyük bir fark bile gizli kalabilir.
# - [x] Bu resimler bir fark gösteremez; daha çok resim gerekir
#   Evet: şansın da sık sık yarattığı bir fark, hüküm vermeyi değil, daha çok resim toplamayı gerektirir.
# - [ ] Model ilk grupta başarısız
#   Bu da gösterilmedi: böyle bir fark yalnızca şans eseri de olabilir.

# %% [markdown] name="quiz-label" lang="en" tags=["quiz"]
# What does the answer "woman (0.93)" say?
#
# - [x] The picture resembles those that were labelled as women
#   Yes: that is all the head has learned from.
# - [ ] The person in the picture is a woman
#   No: what somebody is cannot be read off a picture, and 0.93 is about pictures and labels.
# - [ ] 93 % of the people in the picture are women
#   No: the number is how sure the model is of its answer for one picture.

# %% [markdown] name="quiz-label" lang="tr" en="47b03aa8" tags=["quiz"]
# "kadın (0,93)" yanıtı ne söyler?
#
# - [x] Resim, kadın olarak etiketlenmiş resimlere benziyor
#   Evet: başlık başka hiçbir şeyden öğrenmedi.
# - [ ] Resimdeki kişi bir kadındır
#   Hayır: bir insanın kim olduğu resminden okunamaz; 0,93 resimlerle ve etiketlerle ilgilidir.
# - [ ] Resimdeki insanların %93'ü kadındır
#   Hayır: bu sayı, modelin tek bir resim için verdiği yanıttan ne kadar emin olduğunu gösterir.

# %% name="key-results"
from tl_helpers.reference import show_reference
from tl_helpers.results import show_results

key_results = {message("multi_task.result_leaf"): float(np.trace(matrix) / matrix.sum())}
for task in TASKS:
    asked = test_labels[task] >= 0
    share = accuracy(test_labels[task][asked], predicted_classes(test_logits[task][asked]))
    key_results[message("multi_task.result_task", task=message(f"multi_task.{task}"))] = share
key_results[message("multi_task.result_sharing")] = float(-harm[1])
show_results(key_results)
show_reference("dogs")

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - trained three heads at once although every picture lacks a label, with a loss that leaves out what does not exist;
# - compared one shared model with three separate ones, and measured over four seeds what a shared layer does to a task with
#   few labels;
# - read answers and mistakes across tasks and across groups of people, and said what a label and a gap mean.
#
# **Read on:** [An overview of multi-task learning](https://arxiv.org/abs/1706.05098) (Ruder, 2017),
# [Gender Shades](https://proceedings.mlr.press/v81/buolamwini18a.html) (Buolamwini and Gebru, 2018),
# [FairFace](https://arxiv.org/abs/1908.04913) (Kärkkäinen and Joo, 2019).

# %% [markdown] name="recap" lang="tr" en="2ad96606"
# ## Bu derste…
#
# - her resmin bir etiketi eksik olduğu hâlde, var olmayanı dışarıda bırakan bir kayıpla üç başlığı birden eğittik;
# - tek bir ortak modeli üç ayrı modelle karşılaştırdık; ortak bir katmanın, az etiketli bir görevi nasıl etkilediğini
#   dört tohum değeriyle ölçtük;
# - yanıtları ve hataları görevlere ve insan gruplarına göre inceledik, bir etiketin ve bir farkın ne anlama geldiğini
#   söyledik.
#
# **Okumaya devam:** [Çok görevli öğrenmeye genel bakış](https://arxiv.org/abs/1706.05098) (Ruder, 2017), [Gender
# Shades](https://proceedings.mlr.press/v81/buolamwini18a.html) (Buolamwini ve Gebru, 2018),
# [FairFace](https://arxiv.org/abs/1908.04913) (Kärkkäinen ve Joo, 2019).
