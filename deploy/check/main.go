// Reads what is in a deployment folder as the tools that run it would: the compose file by Compose's own loader, the
// manifests as kustomize builds them, each object by Kubernetes' own types, unknown and repeated fields refused. Prints
// what it found, for the test to judge.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	directory := os.Args[1]
	err := errors.Join(
		readCompose(filepath.Join(directory, "compose.yaml")),
		readManifests(filepath.Join(directory, "kubernetes")),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func readCompose(file string) error {
	options, err := cli.NewProjectOptions([]string{file})
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	for name, service := range project.Services {
		fmt.Println("service", name)
		if service.Build == nil {
			fmt.Println("image", service.Image)
		}
	}
	return nil
}

func readManifests(directory string) error {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), directory)
	if err != nil {
		return err
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme,
		json.SerializerOptions{Yaml: true, Strict: true})
	var problems []error
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return err
		}
		object, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", resource.CurId(), err))
			continue
		}
		describe(resource.GetKind(), resource.GetName(), object)
	}
	return errors.Join(problems...)
}

func describe(kind, name string, object runtime.Object) {
	switch typed := object.(type) {
	case *core.ConfigMap:
		files := []string{}
		for file := range typed.Data {
			files = append(files, file)
		}
		slices.Sort(files)
		// The name ends in a hash of the contents.
		fmt.Println("object", kind, name[:strings.LastIndex(name, "-")], strings.Join(files, " "))
		return
	case *apps.DaemonSet:
		describePod(typed.Spec.Template.Spec)
	case *apps.StatefulSet:
		describePod(typed.Spec.Template.Spec)
	case *apps.Deployment:
		describePod(typed.Spec.Template.Spec)
	case *batch.Job:
		describePod(typed.Spec.Template.Spec)
	}
	fmt.Println("object", kind, name)
}

func describePod(pod core.PodSpec) {
	for _, container := range slices.Concat(pod.InitContainers, pod.Containers) {
		fmt.Println("image", container.Image)
		words := []any{"container", container.Name}
		if !container.Resources.Limits.Memory().IsZero() {
			words = append(words, "memory")
		}
		if container.ReadinessProbe != nil && container.LivenessProbe != nil {
			words = append(words, "probes")
		}
		fmt.Println(words...)
	}
}
