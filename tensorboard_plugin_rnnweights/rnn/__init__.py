"""What a recurrent layer is made of: its cells, their matrices, and the gates packed in them."""
